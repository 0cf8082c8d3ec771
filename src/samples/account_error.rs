use leptos::prelude::*;
use logto_leptos::AuthError;

/// The reason for the user, and its code. `explain` returns the text for a code: `account_not_enabled`
/// means that the tenant has not switched the Account API on.
#[component]
pub fn AccountErrorNote(error: AuthError, explain: fn(&str) -> String) -> impl IntoView {
    view! {
        <div class="note fault">
            <p class="note-title">{explain(error.code())}</p>
            <p>
                <code>{error.code().to_owned()}</code>
            </p>
        </div>
    }
}
