//! The token endpoint: tokens, and the code exchange (RFC 6749 §4.1.3). The refresh is in
//! `refresh`.

mod refresh;
mod request;

use std::{
    borrow::Cow,
    future::Future,
    pin::Pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use http::StatusCode;
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IssuerUrl, JsonWebKeySet, OAuth2TokenResponse as _, PkceCodeVerifier, RedirectUrl, RequestTokenError, TokenUrl,
    core::{CoreClient, CoreErrorResponseType, CoreTokenResponse, CoreTokenType},
};
use openidconnect::{StandardErrorResponse, TokenResponse as _};

pub(crate) use self::refresh::FailedRefresh;
pub use self::request::TokenRequest;
use crate::{
    claims::AccessTokenClaims,
    client::LogtoClient,
    clock::Timestamp,
    error::{OAuthError, RequestError, TokenError},
    http::{HttpClient, check_status, retry_after},
    id_token::VerifiedIdToken,
    jwt::unverified_claims,
    organization_urn,
    secret::{ExposeSecret as _, SecretString},
    sign_in::SignInTransaction,
};

/// The target of an access token: userinfo, an API resource, an organization, or a resource within
/// an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct TokenTarget {
    /// The resource indicator (RFC 8707).
    pub resource: Option<String>,
    /// The id of the organization.
    pub organization_id: Option<String>,
}

impl TokenTarget {
    /// An opaque token for userinfo only.
    pub const USER_INFO: Self = Self {
        resource: None,
        organization_id: None,
    };

    /// A token for an API resource.
    #[must_use]
    pub fn resource(resource: impl Into<String>) -> Self {
        Self {
            resource: Some(resource.into()),
            organization_id: None,
        }
    }

    /// A token for an organization.
    #[must_use]
    pub fn organization(id: impl Into<String>) -> Self {
        Self {
            resource: None,
            organization_id: Some(id.into()),
        }
    }

    /// The audience of the token. `None` for an opaque token.
    #[must_use]
    pub fn audience(&self) -> Option<Cow<'_, str>> {
        match (&self.resource, &self.organization_id) {
            (Some(resource), _) => Some(Cow::Borrowed(resource)),
            (None, Some(id)) => Some(Cow::Owned(organization_urn(id))),
            (None, None) => None,
        }
    }
}

/// An access token with its scopes and expiry.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccessToken {
    /// The token itself.
    pub secret: SecretString,
    /// The granted scopes. Empty if the user has no permission.
    pub scopes: Vec<String>,
    /// When the token expires.
    pub expires: Timestamp,
}

impl AccessToken {
    /// Creates an access token from its parts.
    #[must_use]
    pub fn new(secret: impl Into<SecretString>, scopes: Vec<String>, expires: Timestamp) -> Self {
        Self {
            secret: secret.into(),
            scopes,
            expires,
        }
    }

    /// Returns the value of the `Authorization` header for a request: `Bearer …`.
    ///
    /// ```
    /// # let token = logto::AccessToken::new("t", vec![], logto::Timestamp::from_secs(0));
    /// assert_eq!(token.authorization(), "Bearer t");
    /// ```
    #[must_use]
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.secret.expose_secret())
    }

    /// Decodes the claims of a JWT access token without verification. `None` for an opaque token.
    ///
    /// Use the claims for display only, not for authorization.
    #[doc(alias = "getAccessTokenClaims")]
    #[must_use]
    pub fn unverified_claims(&self) -> Option<AccessTokenClaims> {
        unverified_claims(self.secret.expose_secret())
    }

    /// Whether `scope` was granted.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// The tokens in a response of the token endpoint.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use = "the grant ends if a rotated refresh token is lost"]
pub struct TokenSet {
    /// The access token.
    pub access_token: AccessToken,
    /// The refresh token, if the provider sent one. After a refresh it replaces the old one.
    pub refresh_token: Option<SecretString>,
    /// The verified ID token.
    pub id_token: Option<VerifiedIdToken>,
}

impl TokenSet {
    /// Creates a token set with an access token only.
    pub fn new(access_token: AccessToken) -> Self {
        Self {
            access_token,
            refresh_token: None,
            id_token: None,
        }
    }
}

/// Lifetime in seconds if the response has no `expires_in`. It is short, because an early refresh
/// costs one request, while requests with an expired token fail.
const DEFAULT_LIFETIME: u64 = 300;

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

    async fn token_client(&self) -> Result<TokenClient, TokenError> {
        let metadata = self.metadata().await?;
        let issuer = IssuerUrl::new(self.config().issuer().to_owned())
            .map_err(|_| RequestError::InvalidResponse("the issuer"))?;
        let client = CoreClient::new(
            ClientId::new(self.config().app_id().to_owned()),
            issuer,
            JsonWebKeySet::default(),
        );
        let client = match self.config().app_secret() {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned())),
            None => client,
        };
        Ok(client.set_token_uri(TokenUrl::from_url(metadata.token_endpoint.clone())))
    }

    fn read_response(&self, response: &CoreTokenResponse) -> Result<(TokenSet, Option<String>), TokenError> {
        if !matches!(response.token_type(), CoreTokenType::Bearer) {
            return Err(RequestError::InvalidResponse("the token type").into());
        }
        let secret = response.access_token().secret();
        if secret.is_empty() {
            return Err(RequestError::InvalidResponse("the access token").into());
        }
        let scopes = match response.scopes() {
            Some(scopes) => scopes
                .iter()
                .map(|scope| scope.as_str().to_owned())
                .filter(|scope| !scope.is_empty())
                .collect(),
            // If `scope` is missing, the requested scopes were granted (RFC 6749 §5.1).
            None => self.config().scopes().to_vec(),
        };
        let lifetime = response
            .expires_in()
            .map_or(DEFAULT_LIFETIME, |lifetime| lifetime.as_secs());
        let access_token = AccessToken {
            secret: secret.as_str().into(),
            scopes,
            expires: self.now().plus(lifetime),
        };
        let refresh_token = response.refresh_token().map(|token| token.secret().as_str().into());
        let id_token = response.id_token().map(ToString::to_string);
        Ok((
            TokenSet {
                access_token,
                refresh_token,
                id_token: None,
            },
            id_token,
        ))
    }
}

type TokenClient =
    CoreClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet, EndpointNotSet>;

/// Adapts [`HttpClient`] to openidconnect. Transient errors are detected before the body is parsed.
pub(crate) struct HttpAdapter<'a> {
    http: &'a dyn HttpClient,
    recorded: Mutex<RecordedResponse>,
}

/// The parts of a response that are still needed if openidconnect rejects it.
#[derive(Default)]
pub(crate) struct RecordedResponse {
    pub(crate) status: Option<StatusCode>,
    pub(crate) retry_after: Option<Duration>,
    /// The body of a successful response, whose tokens have to be kept or revoked.
    pub(crate) body: Vec<u8>,
}

impl<'a> HttpAdapter<'a> {
    pub(crate) fn new(http: &'a dyn HttpClient) -> Self {
        Self {
            http,
            recorded: Mutex::default(),
        }
    }

    pub(crate) fn into_response(self) -> RecordedResponse {
        self.recorded.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'c> AsyncHttpClient<'c> for HttpAdapter<'_> {
    type Error = RequestError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, RequestError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let response = check_status(self.http.send(request).await?)?;
            let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
            recorded.status = Some(response.status());
            recorded.retry_after = retry_after(&response);
            if response.status().is_success() {
                recorded.body.clone_from(response.body());
            }
            drop(recorded);
            Ok(response)
        })
    }
}

/// Drops the provider's text and the body, which openidconnect's errors contain.
fn token_error(error: RequestTokenError<RequestError, StandardErrorResponse<CoreErrorResponseType>>) -> TokenError {
    match error {
        RequestTokenError::ServerResponse(refusal) => {
            TokenError::Refused(OAuthError::from_code(refusal.error().as_ref()))
        }
        RequestTokenError::Request(error) => error.into(),
        _ => RequestError::InvalidResponse("the token response").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_determines_the_audience() {
        assert_eq!(TokenTarget::USER_INFO.audience(), None);
        assert_eq!(TokenTarget::resource("https://api").audience().unwrap(), "https://api");
        assert_eq!(
            TokenTarget::organization("o1").audience().unwrap(),
            "urn:logto:organization:o1"
        );
        let both = TokenTarget {
            resource: Some("https://api".into()),
            organization_id: Some("o1".into()),
        };
        assert_eq!(both.audience().unwrap(), "https://api");
    }

    #[test]
    fn debug_output_hides_the_token() {
        let token = AccessToken {
            secret: "t0ken".into(),
            scopes: vec![],
            expires: Timestamp::from_secs(1),
        };
        assert!(!format!("{token:?}").contains("t0ken"));
    }
}
