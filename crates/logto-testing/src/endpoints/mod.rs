//! The provider's HTTP endpoints, one file or folder each.

mod account;
pub(crate) mod authorize;
pub(crate) mod discovery;
pub(crate) mod end_session;
pub(crate) mod error;
mod interception;
mod jwks;
mod management;
mod revocation;
pub(crate) mod token;
mod user_info;

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{get, post},
};

use self::error::OidcError;
use crate::{interactive, provider::Provider, requests::Endpoint};

pub(crate) fn router(provider: Arc<Provider>) -> Router {
    let pages = match provider.config.pages {
        Some(_) => interactive::routes(),
        None => Router::new(),
    };
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
        .merge(account::routes())
        .merge(management::routes())
        .merge(pages)
        .fallback(async || OidcError::other("not_found", "unrecognized route or not allowed method"))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&provider),
            interception::intercept,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&provider),
            interactive::errors_as_pages,
        ))
        .with_state(provider)
}
