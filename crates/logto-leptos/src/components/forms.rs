//! Forms for `POST /sign-in` and `POST /sign-out`.

use leptos::{either::Either, prelude::*};

use super::{page_session, return_to::ReturnTo};
use crate::{FirstScreen, Identifier, Prompt};

/// A button that starts a sign-in.
///
/// It is a form, so that it works without JavaScript and no browser prefetches it. Its properties
/// are the options of `SignInOptions` that a form may set.
///
/// Users can change the values of a form. If a page requires a factor, a recent sign-in or an
/// organization, check that where the page reads its data.
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::{FirstScreen, SignIn};
///
/// #[component]
/// fn Welcome() -> impl IntoView {
///     view! {
///         <SignIn return_to="/profile">"Sign in"</SignIn>
///         <SignIn first_screen=FirstScreen::Register>"Create an account"</SignIn>
///     }
/// }
/// ```
#[doc(alias = "signIn")]
#[component]
pub fn SignIn(
    /// The path of this site that the user returns to. By default the current page, without its
    /// query if that contains a one-time token.
    #[prop(optional, into)]
    return_to: Option<String>,
    /// The first page that Logto shows.
    #[prop(optional)]
    first_screen: Option<FirstScreen>,
    /// The identifiers that the first page accepts.
    #[prop(optional, into)]
    identifiers: Vec<Identifier>,
    /// The identifier that Logto fills in.
    #[prop(optional, into)]
    login_hint: Option<String>,
    /// The connector that the user is sent to directly, such as `social:github`.
    #[prop(optional, into)]
    direct_sign_in: Option<String>,
    /// The organization whose branding Logto shows.
    #[prop(optional, into)]
    organization_id: Option<String>,
    /// Languages for Logto's pages, separated by spaces, the preferred one first. By default the
    /// visitor's language, if the app has set its languages (`Texts::with_languages`).
    #[prop(optional, into)]
    ui_locales: Option<String>,
    /// A one-time token of a magic link. The page's HTML contains it.
    #[prop(optional, into)]
    one_time_token: Option<String>,
    /// Preferred authentication context classes, separated by spaces.
    #[prop(optional, into)]
    acr_values: Option<String>,
    /// The maximum time since the user last entered credentials, in **seconds**.
    #[prop(optional)]
    max_age: Option<u64>,
    /// Overrides the configured `prompt`. Without `consent`, Logto issues no refresh token.
    #[prop(optional, into)]
    prompt: Vec<Prompt>,
    /// Further parameters, by name and value. `WebConfig::with_extra_parameter` has to allow their
    /// names.
    #[prop(optional)]
    extra: Vec<(String, String)>,
    /// The path of the route. By default the one that the `LogtoProvider` knows.
    #[prop(optional, into)]
    action: Option<String>,
    /// CSS classes of the button.
    #[prop(optional, into)]
    class: Option<String>,
    /// The label of the button. By default "Sign in", in the visitor's language.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let options = [
        ("first_screen", first_screen.map(|screen| screen.as_str().to_owned())),
        ("identifier", joined(identifiers.into_iter().map(Identifier::as_str))),
        ("login_hint", login_hint),
        ("direct_sign_in", direct_sign_in),
        ("organization_id", organization_id),
        ("ui_locales", ui_locales),
        ("one_time_token", one_time_token),
        ("acr_values", acr_values),
        ("max_age", max_age.map(|seconds| seconds.to_string())),
        ("prompt", joined(prompt.into_iter().map(Prompt::as_str))),
    ];
    let fields = options
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .chain(extra)
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    let action = action.unwrap_or_else(|| page_session::paths().sign_in);
    let label = label(children, || page_session::texts().sign_in);
    let return_to = ReturnTo::new(return_to);
    let (return_to_field, on_submit) = (return_to.element(), return_to.on_submit());
    view! {
        <form method="post" action=action on:submit=on_submit>
            {return_to_field}
            {fields}
            <button type="submit" class=class>
                {label}
            </button>
        </form>
    }
}

/// A button that signs out of this app and of Logto.
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::SignOut;
///
/// #[component]
/// fn Account() -> impl IntoView {
///     view! {
///         <SignOut>"Sign out"</SignOut>
///         <SignOut this_app_only=true>"Sign out of this app only"</SignOut>
///     }
/// }
/// ```
#[doc(alias = "signOut")]
#[component]
pub fn SignOut(
    /// Whether to keep the session at Logto: other apps stay signed in, and the next sign-in asks
    /// for no password.
    #[prop(optional)]
    this_app_only: bool,
    /// The path of the route. By default the one that the `LogtoProvider` knows.
    #[prop(optional, into)]
    action: Option<String>,
    /// CSS classes of the button.
    #[prop(optional, into)]
    class: Option<String>,
    /// The label of the button. By default "Sign out", in the visitor's language.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let action = action.unwrap_or_else(|| page_session::paths().sign_out);
    let label = label(children, || page_session::texts().sign_out);
    view! {
        <form method="post" action=action>
            {this_app_only.then(|| view! { <input type="hidden" name="this_app_only" value="true" /> })}
            <button type="submit" class=class>
                {label}
            </button>
        </form>
    }
}

/// The children, or the text of this crate.
fn label(children: Option<Children>, text: impl FnOnce() -> String) -> impl IntoView {
    match children {
        Some(children) => Either::Left(children()),
        None => Either::Right(text()),
    }
}

/// A list, separated by spaces, unless it is empty.
fn joined(values: impl Iterator<Item = &'static str>) -> Option<String> {
    let values: Vec<_> = values.collect();
    (!values.is_empty()).then(|| values.join(" "))
}
