//! An API that other programs call with access tokens of Logto. It has no sessions and no pages.

use axum::{
    Router,
    routing::{get, post},
};
use logto_axum::{AccessTokenRules, TokenClaims, TokenVerifier};

/// The API resource, as registered in the Logto console.
pub const ORDERS: &str = "https://orders.example.com/api";

/// The routes. Each group has the rules for its tokens.
pub fn router(verifier: &TokenVerifier) -> Router {
    let read = Router::new()
        .route("/orders", get(list_orders))
        .layer(verifier.require_token(AccessTokenRules::resource(ORDERS).with_scope("read:orders")));
    let write = Router::new()
        .route("/orders", post(add_order))
        .layer(verifier.require_token(AccessTokenRules::resource(ORDERS).with_scope("write:orders")));
    // The same API, with the permissions that the user has in an organization.
    let shared = Router::new().route("/shared-orders", get(list_shared_orders)).layer(
        verifier.require_token(AccessTokenRules::resource_in_any_organization(ORDERS).with_scope("read:orders")),
    );
    // An organization token: permissions of the organization itself, and no API resource.
    let members = Router::new()
        .route("/members", get(list_members))
        .layer(verifier.require_token(AccessTokenRules::any_organization().with_scope("read:members")));
    Router::new()
        .route("/health", get(|| async { "ok" }))
        .merge(read)
        .merge(write)
        .merge(shared)
        .merge(members)
}

async fn list_orders(claims: TokenClaims) -> String {
    format!("orders of {}", claims.sub)
}

async fn add_order(claims: TokenClaims, order: String) -> String {
    format!("{} ordered {order}", claims.sub)
}

async fn list_shared_orders(claims: TokenClaims) -> String {
    format!("orders of organization {}", organization(&claims))
}

async fn list_members(claims: TokenClaims) -> String {
    format!("members of organization {}", organization(&claims))
}

/// The organization that the token is for. Read data by this id, never by one from the request.
fn organization(claims: &TokenClaims) -> &str {
    claims.organization().unwrap_or_default()
}
