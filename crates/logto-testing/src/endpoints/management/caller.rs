//! The machine-to-machine app that calls, with a token that has the scope `all`.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};

use super::error::ApiError;
use crate::provider::Provider;

/// Proof that the request has a token for the Management API.
pub(super) struct Caller;

impl FromRequestParts<Arc<Provider>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, provider: &Arc<Provider>) -> Result<Self, ApiError> {
        let header = parts.headers.get(header::AUTHORIZATION).ok_or(ApiError::NO_HEADER)?;
        let token = header.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
        let token = token.ok_or(ApiError::NO_HEADER)?;
        // Tokens for other resources are not in the list.
        match provider.state().delegation.management(token, provider.now()) {
            Some(true) => Ok(Self),
            Some(false) => Err(ApiError::FORBIDDEN),
            None => Err(ApiError::UNAUTHORIZED),
        }
    }
}
