use leptos::prelude::*;
use logto_leptos::AuthError;
use serde_json::Value;

use super::error_note::ErrorNote;

/// Asks Logto for claims that no ID token has.
#[server(prefix = "/fn", endpoint = "user-info")]
pub async fn fetch_user_info() -> Result<Value, AuthError> {
    use logto_leptos::{ContextOptions, logto_context};
    use serde_json::json;

    let options = ContextOptions::default().with_user_info(true);
    let Some(info) = logto_context(options).await?.user_info else {
        return Ok(Value::Null);
    };
    let organizations = info.organization_data.iter();
    Ok(json!({
        "custom_data": info.custom_data,
        "identities": info.identities,
        "sso_identities": info.sso_identities,
        "organization_data": organizations.map(|one| json!({ "id": one.id, "name": one.name })).collect::<Value>(),
    }))
}

/// The claims as JSON.
#[component]
pub fn UserInfo() -> impl IntoView {
    let user_info = Resource::new_blocking(|| (), |()| fetch_user_info());
    view! {
        <Suspense>
            {Suspend::new(async move {
                match user_info.await {
                    Ok(claims) => view! { <pre class="json">{format!("{claims:#}")}</pre> }.into_any(),
                    Err(error) => view! { <ErrorNote error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}
