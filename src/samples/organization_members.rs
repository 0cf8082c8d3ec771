use leptos::prelude::*;
use serde_json::Value;

use super::api_error::{ApiError, ApiErrorNote};

/// Calls the API of an organization, with an organization token.
#[server(prefix = "/fn", endpoint = "members")]
pub async fn list_members(organization_id: String) -> Result<Value, ApiError> {
    use logto_leptos::TokenTarget;

    super::call_api::get("members", TokenTarget::organization(organization_id)).await
}

/// The answer of the API, or why there is none.
#[component]
pub fn Members(organization_id: String, explain: fn(u16) -> String) -> impl IntoView {
    let members = Resource::new_blocking(move || organization_id.clone(), list_members);
    view! {
        <Suspense>
            {Suspend::new(async move {
                match members.await {
                    Ok(answer) => view! { <pre class="json">{format!("{answer:#}")}</pre> }.into_any(),
                    Err(error) => view! { <ApiErrorNote error explain /> }.into_any(),
                }
            })}
        </Suspense>
    }
}
