//! The user's sessions: the browsers that have signed in at the provider.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};

use super::{caller::Caller, error::ApiError};
use crate::{
    provider::{BrowserSession, ProviderState, SESSION_LIFETIME, SharedProvider},
    requests::Params,
};

const SCOPE: &str = "urn:logto:scope:sessions";

pub(super) async fn list(State(provider): SharedProvider, caller: Caller) -> Result<Json<Value>, ApiError> {
    let (now, state) = (provider.now(), provider.state());
    caller.require_verification()?;
    state.require_readable("session")?;
    caller.require_scope(SCOPE)?;
    let sessions = state.sessions_of(&caller.user_id, now);
    let sessions: Vec<_> = sessions
        .map(|session| shown(session, &state, &provider.config.app_id, &caller.sid))
        .collect();
    Ok(Json(json!({ "sessions": sessions })))
}

fn shown(session: &BrowserSession, state: &ProviderState, app_id: &str, current: &str) -> Value {
    let mut authorizations = json!({});
    if let Some(grant_id) = state.grants.of_session(&session.sid) {
        authorizations[app_id] = json!({ "sid": session.sid, "grantId": grant_id });
    }
    json!({
        "payload": {
            "uid": session.uid,
            "kind": "Session",
            "accountId": session.user_id,
            "loginTs": session.authenticated_at,
            "authorizations": authorizations,
        },
        "lastSubmission": {
            "signInContext": { "ip": "127.0.0.1", "userAgent": session.user_agent.clone().unwrap_or_default() },
        },
        "clientId": app_id,
        "accountId": session.user_id,
        "expiresAt": (session.authenticated_at + SESSION_LIFETIME) * 1000,
        "isCurrent": session.sid == current,
    })
}

pub(super) async fn revoke(
    State(provider): SharedProvider,
    caller: Caller,
    Path(uid): Path<String>,
    Extension(params): Extension<Params>,
) -> Result<StatusCode, ApiError> {
    let now = provider.now();
    let mut state = provider.state();
    caller.require_verification()?;
    state.require_editable("session")?;
    caller.require_scope(SCOPE)?;
    let with_grants = match params.get("revokeGrantsTarget") {
        None => false,
        Some("all" | "firstParty") => true,
        Some(_) => return Err(ApiError::INVALID_INPUT),
    };
    let session = state.session(&uid, now).ok_or(ApiError::NO_SESSION)?;
    if session.user_id != caller.user_id {
        return Err(ApiError::FOREIGN_SESSION);
    }
    let sid = session.sid.clone();
    state.end_session(&sid);
    // Without `offline_access`, refresh tokens end with the session in any case.
    state
        .grants
        .revoke_where(|grant| grant.sid == sid && (with_grants || !grant.oidc_scopes.contains("offline_access")));
    Ok(StatusCode::NO_CONTENT)
}
