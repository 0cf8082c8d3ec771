//! The forms of the routes `POST /sign-in` and `POST /sign-out`.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};

/// A button that starts a sign-in: a form, so it works without JavaScript and is never prefetched.
///
/// It has an input for every option of `SignInOptions` that a form may set, under the same
/// name. Users can change what a form says: what has to hold for a page is checked where its data
/// is read.
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
    /// Where the user goes afterwards: a path of this site. If it is left out, the page that is
    /// shown when the button is pressed, without its query if there is a one-time token in it.
    #[prop(optional, into)]
    return_to: Option<String>,
    /// The page the provider begins with, for example `register`; see `FirstScreen`.
    #[prop(optional, into)]
    first_screen: Option<String>,
    /// What the user may sign in by, with spaces between: `email`, `phone`, `username`.
    #[prop(optional, into)]
    identifiers: Option<String>,
    /// Identifier to fill in.
    #[prop(optional, into)]
    login_hint: Option<String>,
    /// Straight to a connector, for example `social:github`.
    #[prop(optional, into)]
    direct_sign_in: Option<String>,
    /// The organization whose branding the provider shows.
    #[prop(optional, into)]
    organization_id: Option<String>,
    /// Languages for the provider's pages, the best first, with spaces between.
    #[prop(optional, into)]
    ui_locales: Option<String>,
    /// A one-time token of a magic link. It gets into the page.
    #[prop(optional, into)]
    one_time_token: Option<String>,
    /// Authentication context classes to prefer, with spaces between.
    #[prop(optional, into)]
    acr_values: Option<String>,
    /// The longest time since the user last typed credentials, in **seconds**.
    #[prop(optional)]
    max_age: Option<u64>,
    /// `prompt` in place of the configured one; without `consent` among it Logto issues no refresh
    /// token.
    #[prop(optional, into)]
    prompt: Option<String>,
    /// Further parameters, by name and value. Of effect if
    /// `WebConfig::extra_parameters` names them.
    #[prop(optional)]
    extra: Vec<(String, String)>,
    /// The route, if it was moved.
    #[prop(default = String::from("/sign-in"), into)]
    action: String,
    /// CSS classes of the button.
    #[prop(optional, into)]
    class: Option<String>,
    /// What stands on the button.
    children: Children,
) -> impl IntoView {
    let given = [
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
    let fields = given
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .chain(extra)
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    let drawn_for = return_to.is_none().then(current_path);
    // Always there, empty if need be, so that server and browser draw the same.
    let return_to = return_to.or_else(|| drawn_for.clone()?).unwrap_or_default();
    let field = NodeRef::<Input>::new();
    // The router may have gone to another page since this was drawn.
    let name_the_page = move |_: SubmitEvent| {
        let (Some(drawn_for), Some(input)) = (&drawn_for, field.get_untracked()) else {
            return;
        };
        let shown = current_path();
        if shown != *drawn_for {
            input.set_value(&shown.unwrap_or_default());
        }
    };
    view! {
        <form method="post" action=action on:submit=name_the_page>
            <input type="hidden" name="return_to" value=return_to node_ref=field />
            {fields}
            <button type="submit" class=class>
                {children()}
            </button>
        </form>
    }
}

/// A button that signs out, here and at the provider.
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
    /// Whether the provider's own session stays: other apps go on, and the next sign-in here asks
    /// for no password.
    #[prop(optional)]
    this_app_only: bool,
    /// The route, if it was moved.
    #[prop(default = String::from("/sign-out"), into)]
    action: String,
    /// CSS classes of the button.
    #[prop(optional, into)]
    class: Option<String>,
    /// What stands on the button.
    children: Children,
) -> impl IntoView {
    view! {
        <form method="post" action=action>
            {this_app_only.then(|| view! { <input type="hidden" name="this_app_only" value="true" /> })}
            <button type="submit" class=class>
                {children()}
            </button>
        </form>
    }
}

/// The page that is shown. In the server a function may draw this for the page that called it; in
/// the browser the address bar says it.
#[cfg(feature = "ssr")]
fn current_path() -> Option<String> {
    let page = crate::auth_session().ok()?.calling_page()?;
    Some(page.to_string())
}

#[cfg(not(feature = "ssr"))]
fn current_path() -> Option<String> {
    let location = window().location();
    let search = location.search().ok()?;
    Some(location.pathname().ok()? + query_to_keep(&search))
}

/// None of it if there is a one-time token in it, which must not go on to other addresses. The
/// server does the same.
#[cfg(any(test, not(feature = "ssr")))]
fn query_to_keep(search: &str) -> &str {
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
    use super::query_to_keep;

    #[test]
    fn a_query_with_a_one_time_token_is_not_kept() {
        for search in [
            "?one_time_token=T",
            "?email=a%40b.c&one_time_token=T",
            "?one_time_token",
        ] {
            assert_eq!(query_to_keep(search), "", "{search}");
        }
        for search in ["", "?tab=1", "?tab=one_time_token", "?one_time_token_seen=1"] {
            assert_eq!(query_to_keep(search), search);
        }
    }
}
