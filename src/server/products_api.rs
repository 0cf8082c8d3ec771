//! The demo API: protected by access tokens. This app's own pages call it too.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use http::StatusCode;
use logto_leptos::{AccessTokenRules, Bearer, BearerError};

use super::products::Product;
use crate::state::AppState;

pub(super) fn methods() -> MethodRouter<AppState> {
    get(list).post(add)
}

// [show:protected-api]
async fn list(State(state): State<AppState>, bearer: Bearer) -> Result<Json<Vec<Product>>, BearerError> {
    let rules = rules(&state).with_scope("read:products");
    state.logto.authorize(&bearer, &rules).await?;
    Ok(Json(state.products.list()))
}
// [/show]

async fn add(State(state): State<AppState>, bearer: Bearer, body: Bytes) -> Result<Response, BearerError> {
    let rules = rules(&state).with_scope("write:products");
    state.logto.authorize(&bearer, &rules).await?;
    // Parsed only after the token is verified, so that a caller without permission does not learn
    // whether the body is valid.
    let added = serde_json::from_slice(&body)
        .map_err(|_| "body_invalid")
        .and_then(|new| state.products.add(&new));
    Ok(match added {
        Ok(product) => (StatusCode::CREATED, Json(product)).into_response(),
        Err(code) => (StatusCode::UNPROCESSABLE_ENTITY, code).into_response(),
    })
}

/// Accepts access tokens for the API's resource.
fn rules(state: &AppState) -> AccessTokenRules {
    AccessTokenRules::resource(state.settings.products_resource.clone().unwrap_or_default())
}
