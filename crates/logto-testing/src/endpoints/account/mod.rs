//! Logto's Account API, with the calls that apps need most. Others answer 404, as an older server
//! does.

mod caller;
mod error;
mod grants;
mod mfa;
mod password;
mod profile;
mod sessions;
mod verification;

use std::sync::Arc;

use axum::{
    Router,
    http::StatusCode,
    routing::{any, delete, get, patch, post},
};

use crate::provider::Provider;

pub(super) fn routes() -> Router<Arc<Provider>> {
    Router::new()
        .route("/api/my-account", get(profile::show).patch(profile::update))
        .route("/api/my-account/profile", patch(profile::update_profile))
        .route("/api/my-account/password", post(password::set))
        .route("/api/my-account/mfa-verifications", get(mfa::list))
        .route("/api/my-account/sessions", get(sessions::list))
        .route("/api/my-account/sessions/{uid}", delete(sessions::revoke))
        .route("/api/my-account/grants", get(grants::list))
        .route("/api/my-account/grants/{id}", delete(grants::revoke))
        .route("/api/verifications/password", post(verification::password))
        .route("/api/verifications/verification-code", post(verification::send_code))
        .route("/api/{*path}", any(async || (StatusCode::NOT_FOUND, "Not Found")))
}
