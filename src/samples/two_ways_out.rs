use leptos::prelude::*;
use logto_leptos::SignOut;

/// Ends the session here and at Logto. The next sign-in asks for a password.
#[component]
pub fn SignOutOfLogto(children: Children) -> impl IntoView {
    view! { <SignOut class="button">{children()}</SignOut> }
}

/// Ends the session in this app only. Other apps stay signed in.
#[component]
pub fn SignOutOfThisApp(children: Children) -> impl IntoView {
    view! {
        <SignOut this_app_only=true class="button">
            {children()}
        </SignOut>
    }
}
