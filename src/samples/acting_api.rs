use leptos::prelude::*;
use logto_leptos::browser::TokenView;
use serde::{Deserialize, Serialize};

use super::api_error::{ApiError, ApiErrorNote};

/// The result of a call of the API, and a view of the token of the call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CallAsUser {
    pub token: TokenView,
    /// The names of the products, or the status with which the API refuses the other user.
    pub products: Result<Vec<String>, u16>,
}

/// Calls the API as the other user. `user_id` is the user that the page shows: another tab may have
/// chosen another user since.
#[server(prefix = "/fn", endpoint = "act-as/products")]
pub async fn load_products_as_user(user_id: String) -> Result<CallAsUser, ApiError> {
    use logto_leptos::{auth_session, require, role};

    use super::api::Api;

    #[derive(Deserialize)]
    struct Product {
        name: String,
    }
    let api = expect_context::<Api>();
    // The user may have lost the role since acting began.
    let agent = require(role("manager")).await.map_err(ApiError::Auth)?;
    let session = auth_session().map_err(|error| ApiError::Auth(error.into()))?;
    // Logto grants those of the requested scopes that the other user has.
    let issued = session.access_token_as(&user_id, api.token(), ["read:products"]).await;
    let issued = issued.map_err(|error| ApiError::Auth(error.into()))?;
    tracing::info!(agent = agent.id(), user = user_id, "reads the products as another user");
    let request = api.client.get(format!("{}/products", api.address));
    let response = request
        .header("authorization", issued.token.authorization())
        .send()
        .await;
    let response = response.map_err(|_| ApiError::Unreachable)?;
    let products = match response.status().as_u16() {
        200 => {
            let products: Vec<Product> = response.json().await.map_err(|_| ApiError::Unreachable)?;
            Ok(products.into_iter().map(|product| product.name).collect())
        }
        status => Err(status),
    };
    let mut token = TokenView::from(&issued).with_claims(&issued.token);
    // Show only these claims, and never the token itself.
    token
        .claims
        .retain(|claim| matches!(claim.name.as_str(), "sub" | "act" | "scope" | "aud"));
    Ok(CallAsUser { token, products })
}

/// The claims of the token, and the names of the products. `explain` returns the text for a status
/// of the API.
#[component]
pub fn ProductsAsUser(user_id: String, explain: fn(u16) -> String) -> impl IntoView {
    let call = Resource::new_blocking(move || user_id.clone(), load_products_as_user);
    view! {
        <Suspense>
            {Suspend::new(async move {
                match call.await {
                    Ok(call) => shown(call, explain).into_any(),
                    Err(error) => view! { <ApiErrorNote error explain /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn shown(call: CallAsUser, explain: fn(u16) -> String) -> impl IntoView {
    let claims = call.token.claims.into_iter().map(|claim| {
        view! {
            <dt>{claim.name}</dt>
            <dd>
                <code>{claim.json}</code>
            </dd>
        }
    });
    let products = match call.products {
        Ok(names) => {
            let names = names.into_iter().map(|name| view! { <li>{name}</li> });
            view! { <ul>{names.collect_view()}</ul> }.into_any()
        }
        Err(status) => view! { <ApiErrorNote error=ApiError::Refused(status) explain /> }.into_any(),
    };
    view! {
        <dl class="facts">{claims.collect_view()}</dl>
        {products}
    }
}
