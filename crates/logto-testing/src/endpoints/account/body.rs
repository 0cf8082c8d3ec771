//! The body of a request.

use serde::de::DeserializeOwned;

use super::error::ApiError;

/// Parses a body as Logto does: of another form it is `guard.invalid_input`.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|_| ApiError::INVALID_INPUT)
}
