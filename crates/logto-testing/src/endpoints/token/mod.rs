//! The token endpoint, RFC 6749 §3.2.

pub(crate) mod access_token;
pub(crate) mod client_auth;
mod client_credentials;
mod code_grant;
pub(crate) mod id_token;
mod refresh_grant;
mod response;
mod targets;
pub(crate) mod token_exchange;

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};

use self::client_auth::Client;
use super::error::OidcError;
use crate::{faults::TokenFault, provider::SharedProvider, requests::Params};

pub(crate) async fn token(
    State(provider): SharedProvider,
    headers: HeaderMap,
    Extension(params): Extension<Params>,
) -> Result<Response, OidcError> {
    let faults: Vec<TokenFault> = provider.faults.take();
    if let Some(TokenFault::Error(status, error)) = faults.iter().find(|fault| matches!(fault, TokenFault::Error(..))) {
        return Err(OidcError::with_status(*status, error));
    }
    let client = client_auth::authenticate(&provider, &headers, &params)?;
    let has_target = params.get("resource").or(params.get("organization_id")).is_some();
    let mut response = match params.get("grant_type") {
        Some("client_credentials") => client_credentials::issue(&provider, client, &params)?,
        Some(token_exchange::GRANT_TYPE) => token_exchange::exchange(&provider, client, &params)?,
        Some("authorization_code" | "refresh_token") if matches!(client, Client::Machine(_)) => {
            return Err(OidcError::grant_not_allowed());
        }
        Some("authorization_code") => code_grant::exchange(&provider, &params)?,
        Some("refresh_token") => {
            let rotate = faults
                .iter()
                .any(|fault| matches!(fault, TokenFault::RotateRefreshToken));
            refresh_grant::refresh(&provider, &params, rotate)?
        }
        Some(_) => return Err(OidcError::unsupported_grant_type()),
        None => return Err(OidcError::missing("grant_type")),
    };
    if has_target && let Some(error) = faults.iter().find_map(script_error) {
        return Err(error);
    }
    for fault in &faults {
        fault.apply(&mut response);
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(response)).into_response())
}

/// The error of the tenant's script for custom claims.
fn script_error(fault: &TokenFault) -> Option<OidcError> {
    match fault {
        TokenFault::DeniedByScript => Some(OidcError::denied_by_script()),
        TokenFault::FailedByScript => Some(OidcError::invalid_request("the script for custom claims failed")),
        _ => None,
    }
}
