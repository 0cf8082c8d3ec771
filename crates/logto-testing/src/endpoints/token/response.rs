//! The token response of both grants, RFC 6749 §5.1.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    super::error::OidcError,
    access_token::{self, Audience, join},
    id_token,
};
use crate::{
    config::User,
    provider::{AccessToken, Grant, Grants, Provider, RefreshToken},
    requests::Params,
    tokens::jwt::object,
};

/// The user, the grant and the scopes that tokens are issued for.
pub(crate) struct Recipient<'a> {
    pub(crate) user: &'a User,
    pub(crate) grant_id: &'a str,
    pub(crate) grant: &'a Grant,
    pub(crate) scopes: &'a BTreeSet<String>,
}

impl Recipient<'_> {
    /// The response with access token and ID token. The caller adds the refresh token.
    pub(crate) fn tokens(
        &self,
        provider: &Provider,
        grants: &mut Grants,
        params: &Params,
    ) -> Result<Map<String, Value>, OidcError> {
        let (access_token, scope) = self.access_token(provider, grants, params)?;
        let mut response = object(json!({
            "access_token": access_token,
            "expires_in": provider.config.lifetimes.access_token,
            "scope": join(&scope),
            "token_type": "Bearer",
        }));
        if self.scopes.contains("openid") {
            let id_token = id_token::mint(provider, self.user, self.grant, self.scopes);
            response.insert("id_token".to_owned(), json!(id_token));
        }
        Ok(response)
    }

    fn access_token(
        &self,
        provider: &Provider,
        grants: &mut Grants,
        params: &Params,
    ) -> Result<(String, BTreeSet<String>), OidcError> {
        let organization_id = params.get("organization_id");
        let (aud, available) = match (self.resource(params)?, organization_id) {
            (Some(resource), _) => {
                let granted = &self.grant.resource_scopes[resource];
                let held = self.user.scopes_for(resource, organization_id);
                (resource.to_owned(), granted.intersection(&held).cloned().collect())
            }
            (None, Some(id)) => {
                let held = self
                    .user
                    .membership(id)
                    .map(|it| it.permissions.clone())
                    .unwrap_or_default();
                (format!("urn:logto:organization:{id}"), held)
            }
            (None, None) => return Ok(self.opaque(provider, grants)),
        };
        let scopes: BTreeSet<String> = self.scopes.intersection(&available).cloned().collect();
        let audience = Audience {
            user_id: &self.user.id,
            client_id: &provider.config.app_id,
            aud: &aud,
            organization_id: organization_id.filter(|id| !aud.ends_with(&format!(":organization:{id}"))),
            scopes: &scopes,
            authentication: self.grant.auth_time.zip(self.grant.authentication),
            actor: None,
        };
        Ok((access_token::draft(provider, &audience).encode(), scopes))
    }

    /// An opaque access token, for the userinfo endpoint only.
    fn opaque(&self, provider: &Provider, grants: &mut Grants) -> (String, BTreeSet<String>) {
        let scopes: BTreeSet<String> = self.scopes.intersection(&self.grant.oidc_scopes).cloned().collect();
        let token = AccessToken {
            grant: self.grant_id.to_owned(),
            scopes: scopes.clone(),
            expires_at: provider.now() + provider.config.lifetimes.access_token,
        };
        (grants.issue_access_token(token), scopes)
    }

    /// The resource that the access token is for. It must be in the authorization request. If the
    /// token request names none and `openid` is not granted, the only granted resource is the
    /// default, because the userinfo endpoint would reject the token.
    fn resource<'a>(&'a self, params: &'a Params) -> Result<Option<&'a str>, OidcError> {
        let granted = &self.grant.resource_scopes;
        match params.get("resource") {
            Some(resource) if granted.contains_key(resource) => Ok(Some(resource)),
            Some(_) => Err(OidcError::invalid_target()),
            None if params.get("organization_id").is_some() || self.scopes.contains("openid") => Ok(None),
            None if granted.len() == 1 => Ok(granted.keys().next().map(String::as_str)),
            None => Ok(None),
        }
    }
}

/// A refresh token that is issued now.
pub(crate) fn new_refresh_token(provider: &Provider, grant_id: &str) -> RefreshToken {
    let now = provider.now();
    RefreshToken {
        grant: grant_id.to_owned(),
        issued_at: now,
        expires_at: now + provider.config.lifetimes.refresh_token,
        consumed_at: None,
    }
}
