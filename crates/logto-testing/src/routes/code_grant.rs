//! The code exchange, RFC 6749 §4.1.3 and RFC 7636 §4.6.

use aws_lc_rs::digest;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::issue::{self, Recipient};
use crate::{error::OidcError, grants::Code, params::Params, shared::Shared};

pub(crate) fn exchange(shared: &Shared, params: &Params) -> Result<Map<String, Value>, OidcError> {
    let value = params.get("code").ok_or_else(|| OidcError::missing("code"))?;
    let redirect_uri = params
        .get("redirect_uri")
        .ok_or_else(|| OidcError::missing("redirect_uri"))?;
    let now = shared.now();
    let mut guard = shared.state();
    let state = &mut *guard;

    let code = state.grants.codes.get_mut(value).ok_or_else(OidcError::invalid_grant)?;
    if code.expires_at <= now || !verifier_fits(code, params) || code.redirect_uri != redirect_uri {
        return Err(OidcError::invalid_grant());
    }
    let grant_id = code.grant.clone();
    if code.used {
        // Somebody has the code who should not: what it gave dies (RFC 6749 §4.1.2).
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
    let mut response = recipient.tokens(shared, &mut state.grants, params)?;
    if scopes.contains("offline_access") || shared.config.always_issue_refresh_token {
        let token = state
            .grants
            .issue_refresh_token(issue::refresh_token(shared, &grant_id));
        response.insert("refresh_token".to_owned(), json!(token));
    }
    Ok(response)
}

/// The verifier must be there exactly when a challenge was.
fn verifier_fits(code: &Code, params: &Params) -> bool {
    let challenge = params
        .get("code_verifier")
        .map(|verifier| BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes())));
    challenge == code.challenge
}
