//! The callback of a sign-in (RFC 6749 §4.1.2, OIDC Core §3.1.2.5). The response is checked before
//! its code is exchanged.

use serde_json::Value;
use url::form_urlencoded;

use crate::{
    client::LogtoClient,
    error::{CallbackError, Diagnose as _, IdTokenError, OAuthError, TokenError},
    id_token::{Expected, VerifiedIdToken},
    metadata::ProviderMetadata,
    secret::{ExposeSecret as _, SecretString, same_secret},
    sign_in::{SILENT_STATE, SignInTransaction},
    token::{AccessToken, HttpAdapter},
};

/// The parameters of a callback. `Debug` redacts the code, which is a credential.
#[derive(Clone, Debug, Default)]
pub struct CallbackRequest {
    /// The address of the callback without its query.
    redirect_uri: String,
    code: Option<SecretString>,
    state: Option<SecretString>,
    iss: Option<String>,
    error: Option<OAuthError>,
    /// Whether a parameter is repeated. RFC 6749 §3.1 forbids it, because two readers could see
    /// different values.
    repeated: bool,
}

impl CallbackRequest {
    /// Parses the query of a callback to the address `redirect_uri`.
    #[must_use]
    pub fn parse(redirect_uri: &str, query: &str) -> Self {
        let mut request = Self {
            redirect_uri: redirect_uri.to_owned(),
            ..Self::default()
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            request.repeated |= match &*name {
                "code" => request.code.replace(value.as_ref().into()).is_some(),
                "state" => request.state.replace(value.as_ref().into()).is_some(),
                "iss" => request.iss.replace(value.into_owned()).is_some(),
                "error" => request.error.replace(OAuthError::from_code(&value)).is_some(),
                _ => false,
            };
        }
        request
    }

    /// Whether the callback has a code that no request can have asked for, because it has no
    /// `state`. Logto sends such a code for single sign-on that begins at the identity provider, if
    /// it is configured to do so.
    #[must_use]
    pub fn is_unsolicited(&self) -> bool {
        self.code.is_some() && self.state.is_none()
    }

    /// Whether the `state` says that it belongs to a silent sign-in
    /// ([`SignInOptions::silent`](crate::SignInOptions::silent)).
    ///
    /// Anyone can write such a `state`. Ask the transaction instead
    /// ([`SignInTransaction::is_silent`]), unless there is none: then this tells whether an error
    /// would reach a user who has not asked for a sign-in.
    #[must_use]
    pub fn says_silent(&self) -> bool {
        let state = self.state.as_ref();
        state.is_some_and(|state| state.expose_secret().starts_with(SILENT_STATE))
    }

    /// The `state`, which identifies the transaction.
    #[must_use]
    pub fn state(&self) -> Option<&SecretString> {
        self.state.as_ref()
    }
}

/// A successful sign-in.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use = "create a session from it to sign the user in"]
pub struct SignedIn {
    /// The verified ID token.
    pub id_token: VerifiedIdToken,
    /// The refresh token. `None` if `offline_access` was not granted.
    pub refresh_token: Option<SecretString>,
    /// The access token for userinfo.
    pub access_token: AccessToken,
}

/// A failed sign-in.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
#[non_exhaustive]
pub struct FailedSignIn {
    /// The reason.
    pub error: CallbackError,
    issued: IssuedTokens,
}

impl From<CallbackError> for FailedSignIn {
    fn from(error: CallbackError) -> Self {
        Self {
            error,
            issued: IssuedTokens::default(),
        }
    }
}

/// The tokens in a response of the token endpoint.
#[derive(Debug, Default)]
struct IssuedTokens {
    refresh_token: Option<SecretString>,
    access_token: Option<SecretString>,
}

impl IssuedTokens {
    /// Reads the tokens of a response, even if the rest of it is invalid.
    fn of_response(body: &[u8]) -> Self {
        let response: Value = serde_json::from_slice(body).unwrap_or_default();
        let token = |name: &str| response[name].as_str().filter(|token| !token.is_empty());
        Self {
            refresh_token: token("refresh_token").map(Into::into),
            access_token: token("access_token").map(Into::into),
        }
    }
}

impl LogtoClient {
    /// Finishes a sign-in: checks the callback, exchanges the code and verifies the ID token.
    ///
    /// It consumes the transaction, which is valid for one callback. The provider's keys are
    /// fetched before the code is exchanged, so that no code is spent while they are unavailable.
    ///
    /// # Errors
    ///
    /// The first check that failed. If the token endpoint has already issued tokens,
    /// [`revoke_failed_sign_in`](Self::revoke_failed_sign_in) revokes them.
    #[doc(alias = "handleSignIn")]
    #[doc(alias = "handleSignInCallback")]
    pub async fn finish_sign_in(
        &self,
        request: CallbackRequest,
        transaction: SignInTransaction,
    ) -> Result<SignedIn, FailedSignIn> {
        self.check_transaction(&request, &transaction)?;
        let unavailable = |error| CallbackError::from(TokenError::from(error));
        let metadata = self.metadata().await.map_err(unavailable)?;
        let code = check_callback(request, &transaction, &metadata)?;
        let no_keys = |error| CallbackError::from(IdTokenError::from(error));
        self.jwks().await.map_err(no_keys)?;
        let adapter = HttpAdapter::new(self);
        let outcome = self.redeem(&adapter, &code, &transaction).await;
        outcome.map_err(|error| FailedSignIn {
            error,
            issued: IssuedTokens::of_response(&adapter.into_response().body),
        })
    }

    /// Revokes the grant of a sign-in that does not become a session.
    ///
    /// Call it only if the browser has no other session: the provider adds a second sign-in of the
    /// same browser to the existing grant, and revoking it would end the first session as well.
    pub async fn revoke_sign_in(&self, signed_in: &SignedIn) {
        self.revoke_issued(&IssuedTokens {
            refresh_token: signed_in.refresh_token.clone(),
            access_token: Some(signed_in.access_token.secret.clone()),
        })
        .await;
    }

    /// Revokes the tokens that a failed sign-in left behind, if any.
    ///
    /// Call it only if the browser has no other session, see
    /// [`revoke_sign_in`](Self::revoke_sign_in).
    pub async fn revoke_failed_sign_in(&self, failed: &FailedSignIn) {
        self.revoke_issued(&failed.issued).await;
    }

    async fn revoke_issued(&self, issued: &IssuedTokens) {
        let revoked = match (&issued.refresh_token, &issued.access_token) {
            (Some(token), _) => self.revoke(token).await,
            (None, Some(token)) => self.revoke_access_token(token).await,
            (None, None) => return,
        };
        if let Err(error) = revoked {
            tracing::warn!(
                code = error.code(),
                "the grant of a failed sign-in could not be revoked; it will expire"
            );
        }
    }

    async fn redeem(
        &self,
        adapter: &HttpAdapter<'_>,
        code: &SecretString,
        transaction: &SignInTransaction,
    ) -> Result<SignedIn, CallbackError> {
        let (tokens, id_token) = self
            .exchange_code(adapter, code.expose_secret().to_owned(), transaction)
            .await?;
        let id_token = id_token.ok_or(CallbackError::MissingIdToken)?;
        let expected = Expected::SignIn {
            nonce: &transaction.nonce,
            max_age: transaction.max_age,
            acr_values: &transaction.acr_values,
            authenticated_after: transaction.reauthenticate.then_some(transaction.started),
        };
        let id_token = self.verify_id_token(&id_token, &expected).await?;
        Ok(SignedIn {
            id_token,
            refresh_token: tokens.refresh_token,
            access_token: tokens.access_token,
        })
    }

    fn check_transaction(
        &self,
        request: &CallbackRequest,
        transaction: &SignInTransaction,
    ) -> Result<(), CallbackError> {
        if transaction.issuer != self.config().issuer() || transaction.app_id != self.config().app_id() {
            return Err(CallbackError::TransactionMismatch);
        }
        if self.now() >= transaction.expires() {
            return Err(CallbackError::TransactionExpired);
        }
        if request.redirect_uri != transaction.redirect_uri {
            return Err(CallbackError::RedirectUriMismatch);
        }
        Ok(())
    }
}

/// Checks `state`, `iss` and `error`, in this order: `error` and `code` are read only after the
/// response is known to come from the provider.
fn check_callback(
    request: CallbackRequest,
    transaction: &SignInTransaction,
    metadata: &ProviderMetadata,
) -> Result<SecretString, CallbackError> {
    let state = request.state.as_ref().ok_or(CallbackError::StateMismatch)?;
    if request.repeated || !same_secret(state.expose_secret(), transaction.state.expose_secret()) {
        return Err(CallbackError::StateMismatch);
    }
    match &request.iss {
        Some(iss) if *iss != metadata.issuer => return Err(CallbackError::IssuerMismatch),
        None if metadata.authorization_response_iss_parameter_supported => return Err(CallbackError::IssuerMismatch),
        _ => {}
    }
    match (request.error, request.code) {
        (Some(error), _) => Err(CallbackError::Refused(error)),
        (None, Some(code)) if !code.expose_secret().is_empty() => Ok(code),
        _ => Err(CallbackError::MissingCode),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_parameter_is_detected() {
        assert!(CallbackRequest::parse("u", "code=a&state=s&code=b").repeated);
        assert!(CallbackRequest::parse("u", "error=a&error=b").repeated);
        assert!(!CallbackRequest::parse("u", "code=a&state=s&iss=i&x=1&x=2").repeated);
    }

    #[test]
    fn the_state_is_decoded() {
        let state = |query| {
            CallbackRequest::parse("u", query)
                .state()
                .map(|it| it.expose_secret().to_owned())
        };
        assert_eq!(state("code=a&state=b%20c"), Some("b c".to_owned()));
        assert_eq!(state("code=a"), None);
    }

    #[test]
    fn debug_output_hides_code_and_state() {
        let debug = format!("{:?}", CallbackRequest::parse("u", "code=c0de&state=st4te"));
        assert!(!debug.contains("c0de") && !debug.contains("st4te"), "{debug}");
    }
}
