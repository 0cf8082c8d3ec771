use leptos::prelude::*;
use logto_leptos::{AuthError, OrganizationSwitcher};

use super::error_note::ErrorNote;

/// Returns the id of the organization that the user works in. The session keeps it.
#[server(prefix = "/fn", endpoint = "active-organization")]
pub async fn load_active_organization() -> Result<Option<String>, AuthError> {
    Ok(logto_leptos::auth_session()?.active_organization().await?)
}

/// A button for each organization of the user, and the id of the active one.
#[component]
pub fn ActiveOrganization() -> impl IntoView {
    let active = Resource::new_blocking(|| (), |()| load_active_organization());
    view! {
        <OrganizationSwitcher />
        <Suspense>
            {Suspend::new(async move {
                match active.await {
                    Ok(id) => {
                        let id = id.unwrap_or_else(|| "None".to_owned());
                        view! { <code>"active_organization: " {id}</code> }.into_any()
                    }
                    Err(error) => view! { <ErrorNote error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}
