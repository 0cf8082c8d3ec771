use leptos::prelude::*;
use logto_leptos::AuthError;
use serde_json::Value;

use super::error_note::ErrorNote;

/// Calls the API of an organization, with an organization token.
#[server(prefix = "/fn", endpoint = "members")]
pub async fn list_members(organization_id: String) -> Result<Value, AuthError> {
    use logto_leptos::organization_token;

    use crate::state::AppState;

    let issued = organization_token(&organization_id).await?;
    let api = expect_context::<AppState>().api();
    let request = api
        .client
        .get(format!("{}/members", api.address))
        .header("authorization", issued.token.authorization());
    Ok(match request.send().await {
        Ok(response) if response.status() == 200 => response.json().await.unwrap_or_default(),
        Ok(response) => response.status().as_u16().into(),
        Err(_) => Value::Null,
    })
}

/// The answer of the API.
#[component]
pub fn Members(organization_id: String) -> impl IntoView {
    let members = Resource::new_blocking(move || organization_id.clone(), list_members);
    view! {
        <Suspense>
            {Suspend::new(async move {
                match members.await {
                    Ok(answer) => view! { <pre class="json">{format!("{answer:#}")}</pre> }.into_any(),
                    Err(error) => view! { <ErrorNote error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}
