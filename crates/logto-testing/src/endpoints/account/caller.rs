//! The user whose opaque access token a request has.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use super::error::ApiError;
use crate::{
    config::AccountField,
    provider::{Provider, ProviderState},
};

/// The caller, whose token has the scope `openid`, at a provider with the account center.
pub(super) struct Caller {
    pub(super) user_id: String,
    /// The browser's session that the token belongs to.
    pub(super) sid: String,
    scopes: BTreeSet<String>,
    /// Whether the request has a verification record of this user.
    verified: bool,
}

impl FromRequestParts<Arc<Provider>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, provider: &Arc<Provider>) -> Result<Self, ApiError> {
        let (now, state) = (provider.now(), provider.state());
        let caller = Self::of(&parts.headers, &state, now)?;
        if state.account_center.enabled {
            Ok(caller)
        } else {
            Err(ApiError::NOT_ENABLED)
        }
    }
}

impl Caller {
    fn of(headers: &HeaderMap, state: &ProviderState, now: u64) -> Result<Self, ApiError> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let header = text(header::AUTHORIZATION.as_str()).ok_or(ApiError::NO_HEADER)?;
        let token = header.strip_prefix("Bearer ").ok_or(ApiError::NO_HEADER)?;
        let token = state.grants.access_tokens.get(token);
        let token = token
            .filter(|token| token.expires_at > now)
            .ok_or(ApiError::UNAUTHORIZED)?;
        let grant = state.grants.live(&token.grant, now).ok_or(ApiError::UNAUTHORIZED)?;
        let user = state.active_user(&grant.user_id).ok_or(ApiError::UNAUTHORIZED)?;
        if !token.scopes.contains("openid") {
            return Err(ApiError::FORBIDDEN);
        }
        let record = text("logto-verification-id");
        Ok(Self {
            user_id: user.id.clone(),
            sid: grant.sid.clone(),
            scopes: token.scopes.clone(),
            verified: record.is_some_and(|id| state.verifications.proves(id, &user.id, now)),
        })
    }

    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }

    /// For sensitive calls: a proof of at most 10 minutes of age.
    pub(super) fn require_verification(&self) -> Result<(), ApiError> {
        if self.verified {
            Ok(())
        } else {
            Err(ApiError::NOT_VERIFIED)
        }
    }

    pub(super) fn require_scope(&self, scope: &str) -> Result<(), ApiError> {
        if self.has(scope) {
            Ok(())
        } else {
            Err(ApiError::UNAUTHORIZED)
        }
    }
}

impl ProviderState {
    pub(super) fn require_readable(&self, field: &str) -> Result<(), ApiError> {
        match self.account_center.field(field) {
            AccountField::Off => Err(ApiError::NOT_READABLE),
            AccountField::ReadOnly | AccountField::Edit => Ok(()),
        }
    }

    pub(super) fn require_editable(&self, field: &str) -> Result<(), ApiError> {
        match self.account_center.field(field) {
            AccountField::Edit => Ok(()),
            AccountField::Off | AccountField::ReadOnly => Err(ApiError::NOT_EDITABLE),
        }
    }
}
