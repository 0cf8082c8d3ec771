//! Client credentials, RFC 6749 §4.4, for machine-to-machine apps.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    super::error::OidcError,
    access_token::{self, Audience, join},
    client_auth::Client,
    targets::is_resource,
};
use crate::{config::MANAGEMENT_RESOURCE, provider::Provider, requests::Params, tokens::jwt::object};

pub(super) fn issue(provider: &Provider, client: Client<'_>, params: &Params) -> Result<Map<String, Value>, OidcError> {
    let Client::Machine(app) = client else {
        return Err(OidcError::grant_not_allowed());
    };
    let (resource, organization_id) = (params.get("resource"), params.get("organization_id"));
    let membership = match organization_id {
        Some(id) => Some(app.membership(id).ok_or_else(OidcError::app_not_associated)?),
        None => None,
    };
    let (aud, held) = match (resource, membership) {
        (Some(resource), _) if !is_resource(provider, resource) => return Err(OidcError::invalid_target()),
        (Some(resource), within) => (resource.to_owned(), app.scopes_for(resource, within)),
        (None, Some(membership)) => (
            format!("urn:logto:organization:{}", membership.organization_id),
            membership.permissions.clone(),
        ),
        (None, None) => return Err(OidcError::invalid_target()),
    };
    let asked: BTreeSet<String> = params
        .get("scope")
        .into_iter()
        .flat_map(str::split_whitespace)
        .map(str::to_owned)
        .collect();
    let scopes: BTreeSet<String> = held.intersection(&asked).cloned().collect();
    let audience = Audience {
        user_id: &app.id,
        client_id: &app.id,
        aud: &aud,
        organization_id: organization_id.filter(|_| resource.is_some()),
        scopes: &scopes,
        authentication: None,
        actor: None,
    };
    let token = access_token::draft(provider, &audience).encode();
    let lifetime = provider.config.lifetimes.access_token;
    if aud == MANAGEMENT_RESOURCE {
        let expires_at = provider.now() + lifetime;
        let mut state = provider.state();
        state
            .delegation
            .issue_management(&token, expires_at, scopes.contains("all"));
    }
    let mut response = object(json!({
        "access_token": token,
        "expires_in": lifetime,
        "token_type": "Bearer",
    }));
    // Logto leaves the field out, except for an organization.
    if !scopes.is_empty() || resource.is_none() {
        response.insert("scope".to_owned(), json!(join(&scopes)));
    }
    Ok(response)
}
