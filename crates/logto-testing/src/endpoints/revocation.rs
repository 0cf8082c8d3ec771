//! Revocation, RFC 7009 §2. Revoking a token revokes its grant.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
};

use super::{error::OidcError, token::client_auth};
use crate::{provider::SharedProvider, requests::Params, tokens::jwt};

pub(crate) async fn revoke(
    State(provider): SharedProvider,
    headers: HeaderMap,
    Extension(params): Extension<Params>,
) -> Result<StatusCode, OidcError> {
    let _client = client_auth::authenticate(&provider, &headers, &params)?;
    let token = params.get("token").ok_or_else(|| OidcError::missing("token"))?;
    if jwt::claims(token).is_some() {
        return Err(OidcError::unsupported_token_type());
    }
    let grants = &mut provider.state().grants;
    let refresh = grants.refresh_tokens.get(token).map(|it| it.grant.clone());
    let access = grants.access_tokens.get(token).map(|it| it.grant.clone());
    if let Some(grant) = refresh.or(access) {
        grants.revoke(&grant);
    }
    Ok(StatusCode::OK)
}
