//! Logto's Account API. Only the calls for passkeys are missing: they answer 404, as an older server
//! does.

mod body;
mod caller;
mod changed;
mod connectors;
mod error;
mod factors;
mod grants;
mod identifiers;
mod identities;
mod mfa_settings;
mod password;
mod profile;
mod profile_fields;
mod sessions;
mod totp;
mod verification;

use std::sync::Arc;

use axum::{
    Router,
    http::StatusCode,
    routing::{any, delete, get, patch, post, put},
};

use crate::provider::Provider;

pub(super) fn routes() -> Router<Arc<Provider>> {
    Router::new()
        .route("/api/my-account", get(profile::show).patch(profile::update))
        .route("/api/my-account/profile", patch(profile::update_profile))
        .route("/api/my-account/password", post(password::set))
        .route(
            "/api/my-account/primary-email",
            post(identifiers::set_email).delete(identifiers::remove_email),
        )
        .route(
            "/api/my-account/primary-phone",
            post(identifiers::set_phone).delete(identifiers::remove_phone),
        )
        .route(
            "/api/my-account/identities",
            post(identities::add).put(identities::replace),
        )
        .route("/api/my-account/identities/{target}", delete(identities::remove))
        .route(
            "/api/my-account/identities/{target}/access-token",
            get(identities::token),
        )
        .route(
            "/api/my-account/sso-identities/{connectorId}/access-token",
            get(identities::sso_token),
        )
        .route(
            "/api/my-account/mfa-verifications",
            get(factors::list).post(factors::add),
        )
        .route("/api/my-account/mfa-verifications/totp", put(factors::replace_totp))
        .route("/api/my-account/mfa-verifications/{id}", delete(factors::remove))
        .route("/api/my-account/mfa-verifications/{id}/name", patch(factors::rename))
        .route(
            "/api/my-account/mfa-verifications/totp-secret/generate",
            post(factors::generate_secret),
        )
        .route(
            "/api/my-account/mfa-verifications/backup-codes/generate",
            post(factors::generate_backup_codes),
        )
        .route(
            "/api/my-account/mfa-settings",
            get(mfa_settings::show).patch(mfa_settings::update),
        )
        .route(
            "/api/my-account/logto-configs",
            get(mfa_settings::show_configs).patch(mfa_settings::update_configs),
        )
        .route("/api/my-account/sessions", get(sessions::list))
        .route("/api/my-account/sessions/{uid}", delete(sessions::revoke))
        .route("/api/my-account/grants", get(grants::list))
        .route("/api/my-account/grants/{id}", delete(grants::revoke))
        .route("/api/verifications/password", post(verification::password))
        .route("/api/verifications/verification-code", post(verification::send_code))
        .route(
            "/api/verifications/verification-code/verify",
            post(verification::verify_code),
        )
        .route("/api/verifications/social", post(verification::start_social))
        .route("/api/verifications/social/verify", post(verification::finish_social))
        .route("/api/{*path}", any(async || (StatusCode::NOT_FOUND, "Not Found")))
}
