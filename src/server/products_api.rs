//! The protected API: what anybody with the right access token may call, this app's own pages among
//! them.

use std::sync::PoisonError;

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::StatusCode;
use logto_leptos::{AccessTokenRules, Bearer, BearerError};
use serde::Deserialize;

use super::{Product, state::AppState};

/// Enough for a demo; beyond it somebody is filling memory.
const MOST_PRODUCTS: usize = 100;

/// Longest name, in characters.
const LONGEST_NAME: usize = 60;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/api/products", get(list).post(add))
}

// [show:protected-api]
async fn list(State(state): State<AppState>, bearer: Bearer) -> Result<Json<Vec<Product>>, BearerError> {
    let rules = state.products_rules().with_scope("read:products");
    state.logto.authorize(&bearer, &rules).await?;
    Ok(Json(state.products()))
}
// [/show]

#[derive(Deserialize)]
struct NewProduct {
    name: String,
    #[serde(default)]
    price_cents: u32,
}

async fn add(State(state): State<AppState>, bearer: Bearer, body: Bytes) -> Result<Response, BearerError> {
    let rules = state.products_rules().with_scope("write:products");
    state.logto.authorize(&bearer, &rules).await?;
    // Read after the token was judged: whoever may not call learns nothing about the body.
    let added = serde_json::from_slice(&body)
        .map_err(|_| "body_invalid")
        .and_then(|new| state.add_product(&new));
    Ok(match added {
        Ok(product) => (StatusCode::CREATED, Json(product)).into_response(),
        Err(code) => (StatusCode::UNPROCESSABLE_ENTITY, code).into_response(),
    })
}

impl AppState {
    fn products_rules(&self) -> AccessTokenRules {
        AccessTokenRules::resource(self.settings.products_resource.clone().unwrap_or_default())
    }

    fn products(&self) -> Vec<Product> {
        self.products.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add_product(&self, new: &NewProduct) -> Result<Product, &'static str> {
        let name = new.name.trim().to_owned();
        let mut products = self.products.lock().unwrap_or_else(PoisonError::into_inner);
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err("name_invalid");
        }
        if products.len() >= MOST_PRODUCTS {
            return Err("products_full");
        }
        let id = products.iter().map(|product| product.id).max().unwrap_or_default() + 1;
        let product = Product {
            id,
            name,
            price_cents: new.price_cents,
        };
        products.push(product.clone());
        Ok(product)
    }
}
