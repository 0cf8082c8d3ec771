//! The grants of the user. The only app is a first-party one.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};

use super::{caller::Caller, error::ApiError};
use crate::{provider::SharedProvider, requests::Params};

const SCOPE: &str = "urn:logto:scope:sessions";

pub(super) async fn list(
    State(provider): SharedProvider,
    caller: Caller,
    Extension(params): Extension<Params>,
) -> Result<Json<Value>, ApiError> {
    let (now, state) = (provider.now(), provider.state());
    caller.require_verification()?;
    state.require_readable("session")?;
    caller.require_scope(SCOPE)?;
    let all = match params.get("appType") {
        None | Some("firstParty") => true,
        Some("thirdParty") => false,
        Some(_) => return Err(ApiError::INVALID_INPUT),
    };
    let app_id = &provider.config.app_id;
    let grants = state.grants.of_user(&caller.user_id, now).filter(|_| all);
    let grants: Vec<_> = grants
        .map(|(id, grant)| {
            let scopes: Vec<_> = grant.oidc_scopes.iter().map(String::as_str).collect();
            json!({
                "id": id,
                "payload": {
                    "clientId": app_id,
                    "accountId": grant.user_id,
                    "exp": grant.expires_at,
                    "openid": { "scope": scopes.join(" ") },
                    "resources": grant.resource_scopes,
                },
                "application": { "id": app_id, "name": "The app under test" },
                "expiresAt": grant.expires_at * 1000,
            })
        })
        .collect();
    Ok(Json(json!({ "grants": grants })))
}

pub(super) async fn revoke(
    State(provider): SharedProvider,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let now = provider.now();
    let mut state = provider.state();
    caller.require_verification()?;
    state.require_editable("session")?;
    caller.require_scope(SCOPE)?;
    if state
        .grants
        .live(&id, now)
        .is_none_or(|grant| grant.user_id != caller.user_id)
    {
        return Err(ApiError::NO_GRANT);
    }
    state.grants.revoke(&id);
    Ok(StatusCode::NO_CONTENT)
}
