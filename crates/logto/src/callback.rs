//! The callback (RFC 6749 §4.1.2, OIDC Core §3.1.2.5): judged completely before the code is used.

use url::form_urlencoded;

use crate::{
    client::LogtoClient,
    discovery::ProviderMetadata,
    error::{CallbackError, OAuthError, TokenError},
    id_token::{Expected, VerifiedIdToken},
    secret::{ExposeSecret as _, SecretString, same_secret},
    sign_in::SignInTransaction,
    token::AccessToken,
};

/// What a browser brought back from the provider. Never logged: the code is a credential.
#[derive(Clone, Debug, Default)]
pub struct CallbackRequest {
    /// The address the callback came to, without query.
    redirect_uri: String,
    code: Option<SecretString>,
    state: Option<SecretString>,
    iss: Option<String>,
    error: Option<OAuthError>,
    /// A parameter stands there twice (RFC 6749 §3.1 forbids it): whoever reads the first sees something else than who reads the last.
    repeated: bool,
}

impl CallbackRequest {
    /// Reads the query of a callback that came to `redirect_uri`.
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

    /// The `state` it carries, to find its transaction by.
    #[must_use]
    pub fn state(&self) -> Option<&SecretString> {
        self.state.as_ref()
    }
}

/// A sign-in that succeeded.
#[derive(Clone, Debug)]
#[must_use = "make a session of it, or nobody is signed in"]
pub struct SignedIn {
    /// Who signed in.
    pub id_token: VerifiedIdToken,
    /// For further tokens. `None` when `offline_access` was not granted.
    pub refresh_token: Option<SecretString>,
    /// The access token for userinfo.
    pub access_token: AccessToken,
}

impl LogtoClient {
    /// Ends a sign-in: judges the callback, exchanges the code, verifies the ID token. Takes the transaction: it is good for one
    /// callback, whatever comes of it.
    ///
    /// # Errors
    ///
    /// The first check that failed. No error holds text of the provider's.
    #[doc(alias = "handleSignIn")]
    #[doc(alias = "handleSignInCallback")]
    pub async fn finish_sign_in(
        &self,
        request: CallbackRequest,
        transaction: SignInTransaction,
    ) -> Result<SignedIn, CallbackError> {
        self.judge_transaction(&request, &transaction)?;
        let metadata = self.metadata().await.map_err(TokenError::from)?;
        let code = judge_callback(request, &transaction, &metadata)?;
        let (tokens, id_token) = self
            .exchange_code(code.expose_secret().to_owned(), &transaction)
            .await?;
        let id_token = id_token.ok_or(CallbackError::MissingIdToken)?;
        let expected = Expected::SignIn {
            nonce: &transaction.nonce,
            max_age: transaction.max_age,
            authenticated_after: transaction.reauthenticate.then_some(transaction.started),
        };
        let id_token = self.verify_id_token(&id_token, &expected).await?;
        Ok(SignedIn {
            id_token,
            refresh_token: tokens.refresh_token,
            access_token: tokens.access_token,
        })
    }

    fn judge_transaction(
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

/// `state`, `iss`, `error`, in this order: only an answer that is known to be the provider's is read at all.
fn judge_callback(
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
    fn a_parameter_that_stands_there_twice_is_noticed() {
        assert!(CallbackRequest::parse("u", "code=a&state=s&code=b").repeated);
        assert!(CallbackRequest::parse("u", "error=a&error=b").repeated);
        assert!(!CallbackRequest::parse("u", "code=a&state=s&iss=i&x=1&x=2").repeated);
    }

    #[test]
    fn the_state_that_came_back_finds_the_transaction() {
        let state = |query| {
            CallbackRequest::parse("u", query)
                .state()
                .map(|it| it.expose_secret().to_owned())
        };
        assert_eq!(state("code=a&state=b%20c"), Some("b c".to_owned()));
        assert_eq!(state("code=a"), None);
    }

    #[test]
    fn neither_code_nor_state_is_in_the_debug_output() {
        let debug = format!("{:?}", CallbackRequest::parse("u", "code=c0de&state=st4te"));
        assert!(!debug.contains("c0de") && !debug.contains("st4te"), "{debug}");
    }
}
