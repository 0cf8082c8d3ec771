use leptos::prelude::*;
use logto_leptos::{SignIn, SignOut, SignedIn, SignedOut};

/// A button to sign in or out. Its label is in the visitor's language.
#[component]
pub fn SignInOut() -> impl IntoView {
    view! {
        <SignedIn>
            <SignOut class="button" />
        </SignedIn>
        <SignedOut>
            <SignIn class="button primary" />
        </SignedOut>
    }
}
