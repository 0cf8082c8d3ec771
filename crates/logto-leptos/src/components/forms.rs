//! The forms of the routes `POST /sign-in` and `POST /sign-out`.

use leptos::prelude::*;

/// A button that starts a sign-in: a form, so it works without JavaScript and is never prefetched.
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
    /// Where the user goes afterwards: a path of this site. The present page if it is left out.
    #[prop(optional, into)]
    return_to: Option<String>,
    /// The page the provider begins with, for example `register`; see `logto::FirstScreen`.
    #[prop(optional, into)]
    first_screen: Option<String>,
    /// Identifier to fill in.
    #[prop(optional, into)]
    login_hint: Option<String>,
    /// Straight to a connector, for example `social:github`.
    #[prop(optional, into)]
    direct_sign_in: Option<String>,
    /// The organization whose branding the provider shows.
    #[prop(optional, into)]
    organization_id: Option<String>,
    /// `prompt` in place of the configured one; without `consent` among it Logto issues no refresh token.
    #[prop(optional, into)]
    prompt: Option<String>,
    /// The route, if it was moved.
    #[prop(default = String::from("/sign-in"), into)]
    action: String,
    /// CSS classes of the button.
    #[prop(optional, into)]
    class: Option<String>,
    /// What stands on the button.
    children: Children,
) -> impl IntoView {
    let hidden = [
        ("return_to", return_to.or_else(current_path)),
        ("first_screen", first_screen),
        ("login_hint", login_hint),
        ("direct_sign_in", direct_sign_in),
        ("organization_id", organization_id),
        ("prompt", prompt),
    ];
    let fields = hidden
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| view! { <input type="hidden" name=name value=value /> }))
        .collect_view();
    view! {
        <form method="post" action=action>
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
    /// Whether the provider's own session stays: other apps go on, and the next sign-in here asks for no password.
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

#[cfg(feature = "ssr")]
fn current_path() -> Option<String> {
    with_context(|parts: &http::request::Parts| parts.uri.path_and_query().map(ToString::to_string))?
}

#[cfg(not(feature = "ssr"))]
fn current_path() -> Option<String> {
    let location = window().location();
    Some(location.pathname().ok()? + &location.search().ok()?)
}
