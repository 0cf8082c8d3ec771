use leptos::prelude::*;
use logto_leptos::{AuthError, SignIn};

/// The message of an error in the visitor's language, its code, and a button if a sign-in helps.
#[component]
pub fn ErrorNote(error: AuthError) -> impl IntoView {
    view! {
        <div class="note fault">
            <p class="note-title">{error.message().to_owned()}</p>
            <p>
                <code>{error.code().to_owned()}</code>
            </p>
            {error.needs_sign_in().then(|| view! { <SignIn class="button primary" /> })}
        </div>
    }
}
