//! A page that shows a claim of the app, which the browser knows by `use_user`.

// The component macro wraps these functions, so that rustc does not see their use.
#![allow(unreachable_pub)]

use leptos::prelude::*;
use logto_leptos::{AuthError, refetch, use_user};

/// Changes the plan of the user.
#[server(prefix = "/api", endpoint = "change-plan")]
pub(crate) async fn change_plan(plan: String) -> Result<(), AuthError> {
    Ok(logto_leptos::auth_session()?.set_data(&plan).await?)
}

/// The claim, and a button that changes it.
#[component]
pub(crate) fn PlanPage() -> impl IntoView {
    let change = ServerAction::<ChangePlan>::new();
    Effect::new(move |_| {
        if change.value().get().is_some() {
            refetch();
        }
    });
    let user = use_user();
    let plan = move || user.get().and_then(|user| user.claim::<String>("plan"));
    view! {
        <h1>"Plan"</h1>
        <p>"Plan: " {move || plan().unwrap_or_else(|| "unknown".to_owned())}</p>
        <button on:click=move |_| {
            change.dispatch(ChangePlan { plan: "Team".to_owned() });
        }>"Choose Team"</button>
    }
}
