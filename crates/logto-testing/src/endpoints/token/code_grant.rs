//! The code exchange, RFC 6749 §4.1.3 and RFC 7636 §4.6.

use aws_lc_rs::digest;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::{
    super::error::OidcError,
    response::{Recipient, new_refresh_token},
};
use crate::{
    provider::{Code, Provider},
    requests::Params,
};

pub(crate) fn exchange(provider: &Provider, params: &Params) -> Result<Map<String, Value>, OidcError> {
    let value = params.get("code").ok_or_else(|| OidcError::missing("code"))?;
    let redirect_uri = params
        .get("redirect_uri")
        .ok_or_else(|| OidcError::missing("redirect_uri"))?;
    let now = provider.now();
    let mut guard = provider.state();
    let state = &mut *guard;

    let code = state.grants.codes.get_mut(value).ok_or_else(OidcError::invalid_grant)?;
    if code.expires_at <= now || !verifier_matches(code, params) || code.redirect_uri != redirect_uri {
        return Err(OidcError::invalid_grant());
    }
    let grant_id = code.grant.clone();
    if code.used {
        // The code may be stolen: revoke every token issued from it (RFC 6749 §4.1.2).
        state.grants.revoke(&grant_id);
        return Err(OidcError::invalid_grant());
    }
    code.used = true;

    let grant = state
        .grants
        .live(&grant_id, now)
        .cloned()
        .ok_or_else(OidcError::invalid_grant)?;
    let user = state
        .active_user(&grant.user_id)
        .cloned()
        .ok_or_else(OidcError::invalid_grant)?;
    let scopes = grant.scopes();
    let recipient = Recipient {
        user: &user,
        grant_id: &grant_id,
        grant: &grant,
        scopes: &scopes,
    };
    let mut response = recipient.tokens(provider, &mut state.grants, params)?;
    if scopes.contains("offline_access") || provider.config.always_issue_refresh_token {
        let token = state.grants.issue_refresh_token(new_refresh_token(provider, &grant_id));
        response.insert("refresh_token".to_owned(), json!(token));
    }
    Ok(response)
}

/// Whether the verifier matches the challenge. Without a challenge, a verifier is an error.
fn verifier_matches(code: &Code, params: &Params) -> bool {
    let challenge = params
        .get("code_verifier")
        .map(|verifier| BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes())));
    challenge == code.challenge
}
