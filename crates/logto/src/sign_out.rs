//! Sign-out: revocation (RFC 7009) and the provider's session (RP-Initiated Logout 1.0).

use http::{Request, StatusCode, header};
use url::{Url, form_urlencoded};

use crate::{
    client::LogtoClient,
    client_auth::basic,
    error::{RequestError, SignOutError},
    http::check_status,
    id_token::VerifiedIdToken,
    secret::{ExposeSecret as _, SecretString},
    telemetry::Endpoint,
};

impl LogtoClient {
    /// Revokes a refresh token and its grant.
    ///
    /// Tokens with `offline_access` stay valid after the end of the provider's session, so a
    /// sign-out has to revoke them.
    ///
    /// # Errors
    ///
    /// If the request fails. An unknown token is not an error (RFC 7009 §2.2).
    pub async fn revoke(&self, refresh_token: &SecretString) -> Result<(), SignOutError> {
        self.revoke_token(refresh_token, "refresh_token").await
    }

    /// Revokes an opaque access token and its grant, for sign-ins without a refresh token.
    ///
    /// # Errors
    ///
    /// The same as [`LogtoClient::revoke`].
    pub async fn revoke_access_token(&self, access_token: &SecretString) -> Result<(), SignOutError> {
        self.revoke_token(access_token, "access_token").await
    }

    async fn revoke_token(&self, token: &SecretString, kind: &str) -> Result<(), SignOutError> {
        let metadata = self.metadata().await?;
        let endpoint = metadata
            .revocation_endpoint
            .as_ref()
            .ok_or(SignOutError::NoEndpoint("revocation_endpoint"))?;
        let request = self
            .revocation_request(endpoint, token, kind)
            .map_err(|_| RequestError::InvalidResponse("the revocation endpoint"))?;
        let response = check_status(self.send(Endpoint::Revocation, request).await?)?;
        match response.status() {
            StatusCode::OK => Ok(()),
            other => Err(RequestError::UnexpectedStatus(other.as_u16()).into()),
        }
    }

    fn revocation_request(
        &self,
        endpoint: &Url,
        token: &SecretString,
        kind: &str,
    ) -> Result<Request<Vec<u8>>, http::Error> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", token.expose_secret())
            .append_pair("token_type_hint", kind);
        let mut request =
            Request::post(endpoint.as_str()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        match self.config().app_secret() {
            Some(secret) => request = request.header(header::AUTHORIZATION, basic(self.config().app_id(), secret)),
            None => _ = form.append_pair("client_id", self.config().app_id()),
        }
        request.body(form.finish().into_bytes())
    }

    /// Returns the URL that ends the provider's session and then redirects the browser to
    /// `post_logout_redirect_uri`, which has to be registered in the Logto console.
    ///
    /// The hint is optional, because `client_id` identifies the application. It makes the URL long,
    /// and Logto rejects a hint whose signing key it has removed.
    ///
    /// # Errors
    ///
    /// If the provider's metadata is unavailable or has no `end_session_endpoint`.
    #[doc(alias = "signOut")]
    #[doc(alias = "generateSignOutUri")]
    pub async fn end_session_url(
        &self,
        id_token_hint: Option<&VerifiedIdToken>,
        post_logout_redirect_uri: &str,
    ) -> Result<Url, SignOutError> {
        let metadata = self.metadata().await?;
        let mut url = metadata
            .end_session_endpoint
            .clone()
            .ok_or(SignOutError::NoEndpoint("end_session_endpoint"))?;
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("client_id", self.config().app_id());
            query.append_pair("post_logout_redirect_uri", post_logout_redirect_uri);
            if let Some(hint) = id_token_hint {
                query.append_pair("id_token_hint", hint.raw().expose_secret());
            }
        }
        Ok(url)
    }
}
