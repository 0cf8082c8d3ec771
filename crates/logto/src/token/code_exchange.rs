//! The code exchange (RFC 6749 §4.1.3).

use std::borrow::Cow;

use openidconnect::{AuthorizationCode, PkceCodeVerifier, RedirectUrl};

use super::{HttpAdapter, TokenSet, token_error};
use crate::{
    client::LogtoClient,
    error::{RequestError, TokenError},
    secret::ExposeSecret as _,
    sign_in::SignInTransaction,
};

impl LogtoClient {
    /// Exchanges an authorization code. Also returns the ID token, which is not verified here.
    pub(crate) async fn exchange_code(
        &self,
        adapter: &HttpAdapter<'_>,
        code: String,
        transaction: &SignInTransaction,
    ) -> Result<(TokenSet, Option<String>), TokenError> {
        let invalid = |_| RequestError::InvalidResponse("the redirect URI");
        let redirect_url = RedirectUrl::new(transaction.redirect_uri.clone()).map_err(invalid)?;
        let response = self
            .token_client()
            .await?
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(transaction.verifier.expose_secret().to_owned()))
            .set_redirect_uri(Cow::Owned(redirect_url))
            .request_async(adapter)
            .await
            .map_err(token_error)?;
        self.read_response(&response)
    }
}
