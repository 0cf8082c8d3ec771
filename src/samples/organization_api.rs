use axum::{
    Json,
    extract::State,
    routing::{MethodRouter, get},
};
use logto_leptos::{AccessTokenRules, Bearer, BearerError};
use serde_json::{Value, json};

use super::api::Api;

/// The methods of `/api/members`, which serves every organization.
pub fn members() -> MethodRouter<Api> {
    get(list_members)
}

async fn list_members(State(api): State<Api>, bearer: Bearer) -> Result<Json<Value>, BearerError> {
    let rules = AccessTokenRules::any_organization().with_scope("read:members");
    let claims = api.logto.authorize(&bearer, &rules).await?;
    // Select data by the organization of the token, never by an id of the request.
    let organization_id = claims.organization();
    Ok(Json(
        json!({ "organization_id": organization_id, "members": [claims.sub] }),
    ))
}
