use leptos::prelude::*;
use logto_leptos::AuthError;

/// The message of an error, in the visitor's language, and its code.
#[component]
pub fn ErrorNote(error: AuthError) -> impl IntoView {
    view! {
        <div class="note fault">
            <p class="note-title">{error.message().to_owned()}</p>
            <p>
                <code>{error.code().to_owned()}</code>
            </p>
        </div>
    }
}
