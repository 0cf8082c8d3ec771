//! The refresh grant (RFC 6749 §6), with resource indicators and organizations.

use std::time::Duration;

use http::StatusCode;
use openidconnect::RefreshToken;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{HttpAdapter, TokenSet, TokenTarget, token_error};
use crate::{
    client::LogtoClient,
    error::{Diagnose as _, IdTokenError, OAuthError, TokenError},
    id_token::{Expected, VerifiedIdToken},
    jwt::unverified_claims,
    secret::{ExposeSecret as _, SecretString},
};

/// A refresh that returned no usable token.
#[derive(Debug)]
pub(crate) struct FailedRefresh {
    pub(crate) error: TokenError,
    /// The refresh token of a rejected response. If the provider rotates refresh tokens, the old
    /// one is spent, and using it again would end the grant.
    pub(crate) refresh_token: Option<SecretString>,
    /// The status of the response, if there was one.
    pub(crate) status: Option<StatusCode>,
    /// `Retry-After` of the response.
    pub(crate) retry_after: Option<Duration>,
}

impl FailedRefresh {
    /// Whether the provider may deny the user access to the whole application.
    ///
    /// Logto responds with 403 if it denies access to one organization only. The tenant's script
    /// for custom claims can cause this 400 for single targets, so it proves nothing yet.
    pub(crate) fn may_deny_application(&self) -> bool {
        self.error == TokenError::Refused(OAuthError::AccessDenied) && self.status == Some(StatusCode::BAD_REQUEST)
    }

    /// Whether the provider may have rotated the refresh token before it refused the target.
    ///
    /// Logto checks the resource, and runs the tenant's script for custom claims, after the rotation.
    /// The response lacks the new token, and the old one works for three more seconds. The checks of
    /// the user's access (400) and of the organization (403) come before.
    pub(crate) fn may_have_rotated(&self) -> bool {
        let is_late = |error| matches!(error, OAuthError::InvalidTarget | OAuthError::InvalidRequest);
        matches!(self.error, TokenError::Refused(error) if is_late(error))
            && self.status == Some(StatusCode::BAD_REQUEST)
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.retry_after.or_else(|| self.error.retry_after())
    }
}

impl From<TokenError> for FailedRefresh {
    fn from(error: TokenError) -> Self {
        Self {
            error,
            refresh_token: None,
            status: None,
            retry_after: None,
        }
    }
}

impl LogtoClient {
    /// Fetches an access token for `target` with the refresh token.
    ///
    /// `current` is the user's current ID token. A new ID token in the response is verified, and
    /// has to be about the same user (OIDC Core §12.2).
    ///
    /// The refresh token of a rejected response is lost, which ends the grant if the provider
    /// rotates refresh tokens. To refresh a session, use
    /// [`Refresher`](crate::session::Refresher), which keeps it.
    ///
    /// # Errors
    ///
    /// If [`TokenError::ends_grant`] is true, the user has to sign in again. After a transient
    /// error the refresh token is still valid.
    #[doc(alias = "getAccessToken")]
    #[doc(alias = "fetchTokenByRefreshToken")]
    pub async fn refresh(
        &self,
        refresh_token: &SecretString,
        target: &TokenTarget,
        current: &VerifiedIdToken,
    ) -> Result<TokenSet, TokenError> {
        let outcome = self.refresh_or_salvage(refresh_token, target, current).await;
        outcome.map_err(|failed| failed.error)
    }

    /// Like [`LogtoClient::refresh`], but keeps the refresh token of a rejected response.
    pub(crate) async fn refresh_or_salvage(
        &self,
        refresh_token: &SecretString,
        target: &TokenTarget,
        current: &VerifiedIdToken,
    ) -> Result<TokenSet, FailedRefresh> {
        let adapter = HttpAdapter::new(self);
        let outcome = self.request_refresh(&adapter, refresh_token, target, current).await;
        outcome.map_err(|error| {
            let response = adapter.into_response();
            FailedRefresh {
                error,
                refresh_token: salvage(&response.body, current),
                status: response.status,
                retry_after: response.retry_after,
            }
        })
    }

    async fn request_refresh(
        &self,
        adapter: &HttpAdapter<'_>,
        refresh_token: &SecretString,
        target: &TokenTarget,
        current: &VerifiedIdToken,
    ) -> Result<TokenSet, TokenError> {
        target.check()?;
        let refresh_token = RefreshToken::new(refresh_token.expose_secret().to_owned());
        let client = self.token_client().await?;
        let mut request = client.exchange_refresh_token(&refresh_token);
        if let Some(resource) = &target.resource {
            request = request.add_extra_param("resource", resource);
        }
        if let Some(id) = &target.organization_id {
            request = request.add_extra_param("organization_id", id);
        }
        let response = request.request_async(adapter).await.map_err(token_error)?;
        let (mut tokens, id_token) = self.read_response(&response)?;
        if let Some(id_token) = id_token {
            tokens.id_token = self.verify_refreshed(&id_token, current).await?;
        }
        Ok(tokens)
    }

    async fn verify_refreshed(
        &self,
        id_token: &str,
        current: &VerifiedIdToken,
    ) -> Result<Option<VerifiedIdToken>, TokenError> {
        let expected = Expected::Refresh {
            nonce: current.claims().nonce.as_deref(),
        };
        match self.verify_id_token(id_token, &expected).await {
            Ok(refreshed) if refreshed.claims().sub == current.claims().sub => Ok(Some(refreshed)),
            Ok(_) => Err(TokenError::SubjectChanged),
            // The keys are unavailable, or were rotated during the cooldown. The current ID token
            // is kept, the new one is dropped, and the rotated refresh token is not lost.
            Err(error @ (IdTokenError::Keys(_) | IdTokenError::UnknownKey))
                if error.is_transient() || error == IdTokenError::UnknownKey =>
            {
                tracing::warn!(
                    code = error.code(),
                    "a refreshed ID token could not be verified; the current one is kept"
                );
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Returns the refresh token of a rejected response, unless its ID token names another user.
///
/// Keeping it is safe: the response came over TLS from the token endpoint, the ID token is optional
/// in it (OIDC Core §12.2), and every later response is verified in the same way.
fn salvage(body: &[u8], current: &VerifiedIdToken) -> Option<SecretString> {
    #[derive(Deserialize)]
    struct Response {
        refresh_token: String,
        #[serde(default)]
        id_token: Value,
    }
    let response: Response = serde_json::from_slice(body).ok()?;
    let claims: Option<Map<String, Value>> = response.id_token.as_str().and_then(unverified_claims);
    let names_another = claims
        .as_ref()
        .and_then(|claims| claims.get("sub"))
        .is_some_and(|sub| sub.as_str() != Some(&current.claims().sub));
    (!names_another && !response.refresh_token.is_empty()).then(|| response.refresh_token.into())
}
