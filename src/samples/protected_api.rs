use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use logto_leptos::{AccessTokenRules, Bearer, BearerError};

use super::{api::Api, products::Product};

/// The methods of `/api/products`.
pub fn products() -> MethodRouter<Api> {
    get(list_products).post(add_product)
}

async fn list_products(State(api): State<Api>, bearer: Bearer) -> Result<Json<Vec<Product>>, BearerError> {
    let rules = AccessTokenRules::resource(api.resource).with_scope("read:products");
    api.logto.authorize(&bearer, &rules).await?;
    Ok(Json(api.products.list()))
}

async fn add_product(State(api): State<Api>, bearer: Bearer, body: Bytes) -> Result<Response, BearerError> {
    let rules = AccessTokenRules::resource(api.resource).with_scope("write:products");
    api.logto.authorize(&bearer, &rules).await?;
    // Parsed after the check: a caller without permission does not learn whether the body is valid.
    let product = serde_json::from_slice(&body).map_err(|_| "body_invalid");
    Ok(match product.and_then(|product| api.products.add(&product)) {
        Ok(product) => (StatusCode::CREATED, Json(product)).into_response(),
        Err(code) => (StatusCode::UNPROCESSABLE_ENTITY, code).into_response(),
    })
}
