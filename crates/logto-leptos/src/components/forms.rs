//! Forms for `POST /sign-in` and `POST /sign-out`.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use super::page_session;

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
/// use logto_leptos::SignIn;
///
/// #[component]
/// fn Welcome() -> impl IntoView {
///     view! { <SignIn return_to="/profile">"Sign in"</SignIn> }
/// }
/// ```
#[doc(alias = "signIn")]
#[component]
pub fn SignIn(
    /// The path of this site that the user returns to. By default the current page, without its
    /// query if that contains a one-time token.
    #[prop(optional, into)]
    return_to: Option<String>,
    /// The first page that Logto shows, such as `register`; see `FirstScreen`.
    #[prop(optional, into)]
    first_screen: Option<String>,
    /// Identifiers that the first page accepts, separated by spaces: `email`, `phone`, `username`.
    #[prop(optional, into)]
    identifiers: Option<String>,
    /// The identifier that Logto fills in.
    #[prop(optional, into)]
    login_hint: Option<String>,
    /// The connector that the user is sent to directly, such as `social:github`.
    #[prop(optional, into)]
    direct_sign_in: Option<String>,
    /// The organization whose branding Logto shows.
    #[prop(optional, into)]
    organization_id: Option<String>,
    /// Languages for Logto's pages, separated by spaces, the preferred one first.
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
    prompt: Option<String>,
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
    /// The label of the button.
    children: Children,
) -> impl IntoView {
    let options = [
        ("first_screen", first_screen),
        ("identifier", identifiers),
        ("login_hint", login_hint),
        ("direct_sign_in", direct_sign_in),
        ("organization_id", organization_id),
        ("ui_locales", ui_locales),
        ("one_time_token", one_time_token),
        ("acr_values", acr_values),
        ("max_age", max_age.map(|seconds| seconds.to_string())),
        ("prompt", prompt),
    ];
    let fields = options
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .chain(extra)
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    let action = action.unwrap_or_else(|| page_session::paths().sign_in);
    let rendered_for = return_to.is_none().then(current_path);
    // The field is always rendered, so that server and browser render the same elements.
    let return_to = return_to.or_else(|| rendered_for.clone()?).unwrap_or_default();
    let field = NodeRef::<Input>::new();
    // The router may have navigated since the form was rendered.
    let update_return_to = move |_: SubmitEvent| {
        let (Some(rendered_for), Some(input)) = (&rendered_for, field.get_untracked()) else {
            return;
        };
        let current = current_path();
        if current != *rendered_for {
            input.set_value(&current.unwrap_or_default());
        }
    };
    view! {
        <form method="post" action=action on:submit=update_return_to>
            <input type="hidden" name="return_to" value=return_to node_ref=field />
            {fields}
            <button type="submit" class=class>
                {children()}
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
    /// The label of the button.
    children: Children,
) -> impl IntoView {
    let action = action.unwrap_or_else(|| page_session::paths().sign_out);
    view! {
        <form method="post" action=action>
            {this_app_only.then(|| view! { <input type="hidden" name="this_app_only" value="true" /> })}
            <button type="submit" class=class>
                {children()}
            </button>
        </form>
    }
}

/// Path and query of the page that this request renders, or that called this server function.
#[cfg(feature = "ssr")]
fn current_path() -> Option<String> {
    let page = crate::auth_session().ok()?.calling_page()?;
    Some(page.to_string())
}

/// Path and query in the address bar.
#[cfg(not(feature = "ssr"))]
fn current_path() -> Option<String> {
    let location = window().location();
    let search = location.search().ok()?;
    Some(location.pathname().ok()? + query_without_token(&search))
}

/// Returns the query, or nothing if it contains a one-time token: the token must not reach another
/// URL. The server applies the same rule.
#[cfg(any(test, not(feature = "ssr")))]
fn query_without_token(search: &str) -> &str {
    let mut names = search
        .trim_start_matches('?')
        .split('&')
        .map(|part| part.split('=').next());
    if names.any(|name| name == Some("one_time_token")) {
        ""
    } else {
        search
    }
}

#[cfg(test)]
mod tests {
    use super::query_without_token;

    #[test]
    fn a_query_with_a_one_time_token_is_dropped() {
        for search in [
            "?one_time_token=T",
            "?email=a%40b.c&one_time_token=T",
            "?one_time_token",
        ] {
            assert_eq!(query_without_token(search), "", "{search}");
        }
        for search in ["", "?tab=1", "?tab=one_time_token", "?one_time_token_seen=1"] {
            assert_eq!(query_without_token(search), search);
        }
    }
}
