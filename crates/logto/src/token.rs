//! The token endpoint: code exchange (RFC 6749 §4.1.3) here, refresh (§6) in `refresh`.

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

/// What an access token is for: userinfo (neither set), an API resource, an organization, or a
/// resource within an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct TokenTarget {
    /// Resource indicator (RFC 8707).
    pub resource: Option<String>,
    /// Organization.
    pub organization_id: Option<String>,
}

impl TokenTarget {
    /// The token for userinfo: opaque, good for nothing else.
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

    /// The audience the token will have; `None` for the opaque one.
    #[must_use]
    pub fn audience(&self) -> Option<Cow<'_, str>> {
        match (&self.resource, &self.organization_id) {
            (Some(resource), _) => Some(Cow::Borrowed(resource)),
            (None, Some(id)) => Some(Cow::Owned(organization_urn(id))),
            (None, None) => None,
        }
    }
}

/// An access token, what it allows and until when.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccessToken {
    /// The token itself.
    pub secret: SecretString,
    /// Granted scopes; none when the user has no permission.
    pub scopes: Vec<String>,
    /// When it ends.
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

    /// The header value for a request to the API: `Bearer …`.
    ///
    /// ```
    /// # let token = logto::AccessToken::new("t", vec![], logto::Timestamp::from_secs(0));
    /// assert_eq!(token.authorization(), "Bearer t");
    /// ```
    #[must_use]
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.secret.expose_secret())
    }

    /// What a JWT access token says, read without verification: for display, never for a decision.
    /// `None` for an opaque token.
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

/// What the token endpoint gave.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use = "a rotated refresh token that is not saved ends the grant"]
pub struct TokenSet {
    /// The access token.
    pub access_token: AccessToken,
    /// The refresh token, when the provider sent one: after a refresh it takes the place of the one
    /// used.
    pub refresh_token: Option<SecretString>,
    /// The ID token, verified.
    pub id_token: Option<VerifiedIdToken>,
}

impl TokenSet {
    /// Creates a token set with an access token alone.
    pub fn new(access_token: AccessToken) -> Self {
        Self {
            access_token,
            refresh_token: None,
            id_token: None,
        }
    }
}

/// Lifetime assumed when the provider names none, in seconds. Short: a token that is refreshed too
/// early costs a request, one that is used too long fails.
const ASSUMED_LIFETIME: u64 = 300;

impl LogtoClient {
    /// Exchanges an authorization code. The ID token comes back as text: the callback verifies it.
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
            // Left out means: as asked for (RFC 6749 §5.1).
            None => self.config().scopes().to_vec(),
        };
        let lifetime = response
            .expires_in()
            .map_or(ASSUMED_LIFETIME, |lifetime| lifetime.as_secs());
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

/// Our HTTP client as openidconnect wants it; passing faults are told apart before the body is
/// parsed.
pub(crate) struct HttpAdapter<'a> {
    http: &'a dyn HttpClient,
    answer: Mutex<RecordedResponse>,
}

/// What is worth keeping of an answer when the library refuses it.
#[derive(Default)]
pub(crate) struct RecordedResponse {
    pub(crate) status: Option<StatusCode>,
    pub(crate) retry_after: Option<Duration>,
    /// The body of a success: its tokens are kept or revoked.
    pub(crate) body: Vec<u8>,
}

impl<'a> HttpAdapter<'a> {
    pub(crate) fn new(http: &'a dyn HttpClient) -> Self {
        Self {
            http,
            answer: Mutex::default(),
        }
    }

    pub(crate) fn into_response(self) -> RecordedResponse {
        self.answer.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'c> AsyncHttpClient<'c> for HttpAdapter<'_> {
    type Error = RequestError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, RequestError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let response = check_status(self.http.send(request).await?)?;
            let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
            answer.status = Some(response.status());
            answer.retry_after = retry_after(&response);
            if response.status().is_success() {
                answer.body.clone_from(response.body());
            }
            drop(answer);
            Ok(response)
        })
    }
}

/// The library's errors hold the provider's text and bodies; only our own reading of them is kept.
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
    fn the_audience_follows_from_the_target() {
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
    fn the_token_is_not_in_the_debug_output() {
        let token = AccessToken {
            secret: "t0ken".into(),
            scopes: vec![],
            expires: Timestamp::from_secs(1),
        };
        assert!(!format!("{token:?}").contains("t0ken"));
    }
}
