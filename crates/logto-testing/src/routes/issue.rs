//! What both grants end with: access token, ID token, the response of RFC 6749 §5.1.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::{
    access_token::{self, Audience, join},
    error::OidcError,
    grants::{AccessToken, Grant, Grants, RefreshToken},
    id_token,
    jwt::object,
    params::Params,
    shared::Shared,
    user::User,
};

/// Who gets tokens, from what, and for which of the granted scopes.
pub(crate) struct Recipient<'a> {
    pub(crate) user: &'a User,
    pub(crate) grant_id: &'a str,
    pub(crate) grant: &'a Grant,
    pub(crate) scopes: &'a BTreeSet<String>,
}

impl Recipient<'_> {
    /// Access and ID token. The refresh token is the caller's affair.
    pub(crate) fn tokens(
        &self,
        shared: &Shared,
        grants: &mut Grants,
        params: &Params,
    ) -> Result<Map<String, Value>, OidcError> {
        let (access_token, scope) = self.access_token(shared, grants, params)?;
        let mut response = object(json!({
            "access_token": access_token,
            "expires_in": shared.config.lifetimes.access_token,
            "scope": join(&scope),
            "token_type": "Bearer",
        }));
        if self.scopes.contains("openid") {
            let id_token = id_token::mint(shared, self.user, self.grant, self.scopes);
            response.insert("id_token".to_owned(), json!(id_token));
        }
        Ok(response)
    }

    fn access_token(
        &self,
        shared: &Shared,
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
            (None, None) => return Ok(self.opaque(shared, grants)),
        };
        let scopes: BTreeSet<String> = self.scopes.intersection(&available).cloned().collect();
        let audience = Audience {
            user_id: &self.user.id,
            aud: &aud,
            organization_id: organization_id.filter(|id| !aud.ends_with(&format!(":organization:{id}"))),
            scopes: &scopes,
        };
        Ok((access_token::draft(shared, &audience).encode(), scopes))
    }

    /// For userinfo: no resource, no organization.
    fn opaque(&self, shared: &Shared, grants: &mut Grants) -> (String, BTreeSet<String>) {
        let scopes: BTreeSet<String> = self.scopes.intersection(&self.grant.oidc_scopes).cloned().collect();
        let token = AccessToken {
            grant: self.grant_id.to_owned(),
            scopes: scopes.clone(),
            expires_at: shared.now() + shared.config.lifetimes.access_token,
        };
        (grants.issue_access_token(token), scopes)
    }

    /// The resource to make a token for. One that was not asked for on authorize is no target;
    /// without `openid` there is no userinfo to make a token for, and the only resource takes its
    /// place.
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

/// A refresh token for a grant that begins now.
pub(crate) fn refresh_token(shared: &Shared, grant_id: &str) -> RefreshToken {
    let now = shared.now();
    RefreshToken {
        grant: grant_id.to_owned(),
        issued_at: now,
        expires_at: now + shared.config.lifetimes.refresh_token,
        consumed_at: None,
    }
}
