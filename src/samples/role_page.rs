use leptos::prelude::*;
use logto_leptos::{AuthError, Protect, role};

use super::error_note::ErrorNote;

/// Reads data for managers. Other users get 403, and visitors 401.
#[server(prefix = "/fn", endpoint = "managers-data")]
pub async fn load_managers_data() -> Result<String, AuthError> {
    let user = logto_leptos::require(role("manager")).await?;
    Ok(user.id().to_owned())
}

/// A page for managers. A visitor goes to the sign-in; another user sees the reason, with status
/// 403.
#[component]
pub fn RolePage() -> impl IntoView {
    view! {
        <Protect require=role("manager")>
            <ManagersData />
        </Protect>
    }
}

#[component]
fn ManagersData() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_managers_data());
    view! {
        <Suspense>
            {Suspend::new(async move {
                match data.await {
                    Ok(id) => view! { <code>{id}</code> }.into_any(),
                    Err(error) => view! { <ErrorNote error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}
