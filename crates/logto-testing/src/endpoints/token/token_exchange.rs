//! Token exchange, RFC 8693: impersonation, access tokens, and personal access tokens. The checks
//! have the order of Logto's `grants/token-exchange`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    super::error::OidcError,
    access_token::{self, Audience, join},
    client_auth::Client,
    targets::is_resource,
};
use crate::{
    config::{TokenExchange, User},
    provider::{AccessToken, Grant, Provider, ProviderState},
    random,
    requests::Params,
    tokens::{
        claims::OIDC_SCOPES,
        jwt::{object, verified_claims},
    },
};

pub(crate) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const IMPERSONATION: &str = "urn:logto:token-type:impersonation_token";
const PERSONAL_ACCESS_TOKEN: &str = "urn:logto:token-type:personal_access_token";

pub(super) fn exchange(
    provider: &Provider,
    client: Client<'_>,
    params: &Params,
) -> Result<Map<String, Value>, OidcError> {
    let (client_id, is_allowed) = match client {
        Client::App => (
            &provider.config.app_id,
            provider.config.token_exchange == TokenExchange::Allowed,
        ),
        Client::Machine(app) => (&app.id, app.token_exchange),
    };
    if !is_allowed {
        return Err(OidcError::grant_not_allowed());
    }
    let required = |name: &'static str| params.get(name).ok_or_else(|| OidcError::missing(name));
    let (subject, subject_type) = (required("subject_token")?, required("subject_token_type")?);
    let mut guard = provider.state();
    let state = &mut *guard;
    let user_id = subject_of(provider, state, subject, subject_type).ok_or_else(OidcError::invalid_grant)?;
    let user = state.active_user(&user_id).cloned();
    let user = user.ok_or_else(OidcError::invalid_grant)?;
    if user.access_denied && matches!(client, Client::App) {
        return Err(OidcError::application_denied());
    }
    let asked = params.get("scope").into_iter().flat_map(str::split_whitespace);
    let asked: BTreeSet<String> = asked.map(str::to_owned).collect();
    let (resource, organization_id) = (params.get("resource"), params.get("organization_id"));
    if organization_id.is_some_and(|id| user.membership(id).is_none()) {
        return Err(OidcError::not_a_member());
    }
    let target = target(provider, &user, resource, organization_id)?;
    let actor = match params.get("actor_token") {
        Some(token) => Some(actor_of(provider, state, token, required("actor_token_type")?)?),
        None => None,
    };
    let (token, scopes) = match target {
        Some((aud, held)) => {
            let scopes: BTreeSet<String> = held.intersection(&asked).cloned().collect();
            let audience = Audience {
                user_id: &user.id,
                client_id,
                aud: &aud,
                organization_id: organization_id.filter(|_| resource.is_some()),
                scopes: &scopes,
                authentication: None,
                actor: actor.as_deref(),
            };
            (access_token::draft(provider, &audience).encode(), scopes)
        }
        None => opaque(provider, state, &user, asked),
    };
    // A failed exchange leaves the subject token usable.
    state.delegation.consume_subject(subject);
    Ok(object(json!({
        "access_token": token,
        "expires_in": provider.config.lifetimes.access_token,
        "scope": join(&scopes),
        "token_type": "Bearer",
    })))
}

fn subject_of(provider: &Provider, state: &ProviderState, token: &str, kind: &str) -> Option<String> {
    let now = provider.now();
    match kind {
        // Since 1.38 there is a type of its own, and access tokens are accepted.
        IMPERSONATION => state.delegation.subject(token, now).map(str::to_owned),
        ACCESS_TOKEN if token.starts_with("sub_") => state.delegation.subject(token, now).map(str::to_owned),
        ACCESS_TOKEN => user_of(provider, state, token).map(|(user_id, _)| user_id),
        PERSONAL_ACCESS_TOKEN => state.delegation.personal(token, now).map(str::to_owned),
        _ => None,
    }
}

fn actor_of(provider: &Provider, state: &ProviderState, token: &str, kind: &str) -> Result<String, OidcError> {
    let actor = user_of(provider, state, token).filter(|(_, scopes)| kind == ACCESS_TOKEN && scopes.contains("openid"));
    let actor = actor.filter(|(user_id, _)| state.active_user(user_id).is_some());
    actor.map(|(user_id, _)| user_id).ok_or_else(OidcError::invalid_grant)
}

/// The user and the scopes of an access token, opaque or a JWT.
fn user_of(provider: &Provider, state: &ProviderState, token: &str) -> Option<(String, BTreeSet<String>)> {
    let now = provider.now();
    if let Some(token) = state
        .grants
        .access_tokens
        .get(token)
        .filter(|token| token.expires_at > now)
    {
        let grant = state.grants.live(&token.grant, now)?;
        return Some((grant.user_id.clone(), token.scopes.clone()));
    }
    let claims = verified_claims(token, &provider.keys)?;
    let is_live = claims.get("exp").and_then(Value::as_u64).is_some_and(|exp| exp > now);
    // Without it, the token is an ID token.
    let is_access_token = claims.contains_key("client_id");
    let sub = claims.get("sub").and_then(Value::as_str).map(str::to_owned)?;
    (is_live && is_access_token).then_some((sub, BTreeSet::new()))
}

/// The audience, and the scopes that the user has there. `None` for an opaque token.
fn target(
    provider: &Provider,
    user: &User,
    resource: Option<&str>,
    organization_id: Option<&str>,
) -> Result<Option<(String, BTreeSet<String>)>, OidcError> {
    Ok(match (resource, organization_id) {
        (Some(resource), _) if !is_resource(provider, resource) => return Err(OidcError::invalid_target()),
        (Some(resource), id) => Some((resource.to_owned(), user.scopes_for(resource, id))),
        (None, Some(id)) => {
            let membership = user.membership(id);
            let held = membership.map(|membership| membership.permissions.clone());
            Some((format!("urn:logto:organization:{id}"), held.unwrap_or_default()))
        }
        (None, None) => None,
    })
}

fn opaque(
    provider: &Provider,
    state: &mut ProviderState,
    user: &User,
    asked: BTreeSet<String>,
) -> (String, BTreeSet<String>) {
    let scopes: BTreeSet<String> = asked
        .into_iter()
        .filter(|scope| OIDC_SCOPES.contains(&scope.as_str()))
        .collect();
    let expires_at = provider.now() + provider.config.lifetimes.access_token;
    let grant = state.grants.add(Grant {
        user_id: user.id.clone(),
        oidc_scopes: scopes.clone(),
        resource_scopes: [].into(),
        nonce: None,
        auth_time: None,
        authentication: None,
        sid: random::id(),
        expires_at,
    });
    let token = AccessToken {
        grant,
        scopes: scopes.clone(),
        expires_at,
    };
    (state.grants.issue_access_token(token), scopes)
}
