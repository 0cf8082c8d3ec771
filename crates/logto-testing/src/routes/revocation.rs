//! Revocation, RFC 7009 §2. The token takes its whole grant with it.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
};

use super::{Provider, client_auth};
use crate::{error::OidcError, jwt, params::Params};

pub(crate) async fn revoke(
    State(shared): Provider,
    headers: HeaderMap,
    Extension(params): Extension<Params>,
) -> Result<StatusCode, OidcError> {
    client_auth::authenticate(&shared, &headers, &params)?;
    let token = params.get("token").ok_or_else(|| OidcError::missing("token"))?;
    if jwt::claims(token).is_some() {
        return Err(OidcError::unsupported_token_type());
    }
    let grants = &mut shared.state().grants;
    let refresh = grants.refresh_tokens.get(token).map(|it| it.grant.clone());
    let access = grants.access_tokens.get(token).map(|it| it.grant.clone());
    if let Some(grant) = refresh.or(access) {
        grants.revoke(&grant);
    }
    Ok(StatusCode::OK)
}
