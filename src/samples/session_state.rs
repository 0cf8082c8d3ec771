use leptos::prelude::*;
use logto_leptos::{use_session, use_user};

/// The state of the session, and the name of the user. In an island or with full hydration, both
/// signals follow a sign-out, other tabs, and the expiry of the session.
#[component]
pub fn SessionSignals() -> impl IntoView {
    let session = use_session();
    let user = use_user();
    let name = move || user.get().map(|user| user.display_name().to_owned());
    view! {
        <dl class="facts">
            <dt>"use_session()"</dt>
            <dd>
                <code>{move || format!("{:?}", session.get())}</code>
            </dd>
            <dt>"use_user()"</dt>
            <dd>{move || name().unwrap_or_else(|| "None".to_owned())}</dd>
        </dl>
    }
}
