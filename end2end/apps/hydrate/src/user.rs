//! A page with the components for users, and the active organization.

#![allow(
    unreachable_pub,
    reason = "the component macro wraps these functions, so rustc does not see their use"
)]

use leptos::prelude::*;
use logto_leptos::{AuthError, OrganizationSwitcher, UserButton};

/// The id of the active organization.
#[server(prefix = "/api", endpoint = "active-organization")]
pub(crate) async fn active_organization() -> Result<Option<String>, AuthError> {
    Ok(logto_leptos::auth_session()?.active_organization().await?)
}

/// The components for users.
#[component]
pub(crate) fn UserPage() -> impl IntoView {
    let active = Resource::new_blocking(|| (), |()| active_organization());
    let active = move || Suspend::new(async move { active.await.map(|id| id.unwrap_or_else(|| "none".to_owned())) });
    view! {
        <h1>"User"</h1>
        <UserButton organizations=false />
        <OrganizationSwitcher />
        <p>"Active organization: " <Suspense>{active}</Suspense></p>
    }
}
