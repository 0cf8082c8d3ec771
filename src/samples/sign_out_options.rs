use leptos::prelude::*;
use logto_leptos::SignOut;

/// Signs out of this app and of Logto. The next sign-in asks for the password.
#[component]
pub fn SignOutOfLogto(children: Children) -> impl IntoView {
    view! { <SignOut class="button">{children()}</SignOut> }
}

/// Signs out of this app. The user stays signed in at Logto and in other apps.
#[component]
pub fn SignOutOfThisApp(children: Children) -> impl IntoView {
    view! {
        <SignOut this_app_only=true class="button">
            {children()}
        </SignOut>
    }
}
