//! The provider's endpoints.

mod authorize;
mod client_auth;
mod code_grant;
pub(crate) mod discovery;
mod end_session;
mod experience;
mod issue;
mod jwks;
mod observe;
mod refresh_grant;
mod revocation;
mod token;
mod user_info;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    middleware,
    routing::{get, post},
};

use crate::{error::OidcError, log::Endpoint, shared::Shared};

/// What handlers ask for.
type Provider = State<Arc<Shared>>;

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route(Endpoint::Discovery.path(), get(discovery::discovery))
        .route(Endpoint::Jwks.path(), get(jwks::jwks))
        .route(Endpoint::Authorization.path(), get(authorize::authorize))
        .route(Endpoint::Token.path(), post(token::token))
        .route(
            Endpoint::UserInfo.path(),
            get(user_info::user_info).post(user_info::user_info),
        )
        .route(Endpoint::Revocation.path(), post(revocation::revoke))
        .route(
            Endpoint::EndSession.path(),
            get(end_session::show).post(end_session::show),
        )
        .route(end_session::CONFIRM, post(end_session::confirm))
        .route(end_session::SUCCESS, get(end_session::success))
        .fallback(async || OidcError::other("not_found", "unrecognized route or not allowed method"))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), observe::observe))
        .with_state(shared)
}
