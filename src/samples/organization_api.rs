use axum::{
    Json,
    extract::State,
    routing::{MethodRouter, get},
};
use logto_leptos::{AccessTokenRules, Bearer, BearerError};
use serde_json::{Value, json};

use crate::state::AppState;

/// The methods of `/api/members`, which serves every organization.
pub fn members() -> MethodRouter<AppState> {
    get(list_members)
}

async fn list_members(State(app): State<AppState>, bearer: Bearer) -> Result<Json<Value>, BearerError> {
    let rules = AccessTokenRules::any_organization().with_scope("read:members");
    let claims = app.logto.authorize(&bearer, &rules).await?;
    // Select data by the organization of the token, never by an id of the request.
    let organization_id = claims.organization();
    Ok(Json(
        json!({ "organization_id": organization_id, "members": [claims.sub] }),
    ))
}
