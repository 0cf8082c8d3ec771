//! The token endpoint, RFC 6749 §3.2.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};

use super::{Provider, client_auth, code_grant, refresh_grant};
use crate::{error::OidcError, faults::TokenFault, params::Params};

pub(crate) async fn token(
    State(shared): Provider,
    headers: HeaderMap,
    Extension(params): Extension<Params>,
) -> Result<Response, OidcError> {
    let faults = shared.faults.token();
    if let Some(TokenFault::Error(status, error)) = faults.iter().find(|fault| matches!(fault, TokenFault::Error(..))) {
        return Err(OidcError::bare(*status, error));
    }
    client_auth::authenticate(&shared, &headers, &params)?;
    let has_target = params.get("resource").or(params.get("organization_id")).is_some();
    if has_target && faults.iter().any(|fault| matches!(fault, TokenFault::DeniedByScript)) {
        return Err(OidcError::application_denied());
    }
    let mut response = match params.get("grant_type") {
        Some("authorization_code") => code_grant::exchange(&shared, &params)?,
        Some("refresh_token") => {
            let rotate = faults
                .iter()
                .any(|fault| matches!(fault, TokenFault::RotateRefreshToken));
            refresh_grant::refresh(&shared, &params, rotate)?
        }
        Some(_) => return Err(OidcError::unsupported_grant_type()),
        None => return Err(OidcError::missing("grant_type")),
    };
    for fault in &faults {
        fault.apply(&mut response);
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(response)).into_response())
}
