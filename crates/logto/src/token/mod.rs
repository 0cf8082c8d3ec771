//! The token endpoint (RFC 6749 §3.2), and the tokens that it issues.

mod code_exchange;
mod http_adapter;
mod refresh;
mod request;
mod target;
mod token_set;

use openidconnect::{
    ClientId, ClientSecret, EndpointNotSet, EndpointSet, IssuerUrl, JsonWebKeySet, OAuth2TokenResponse as _,
    RequestTokenError, StandardErrorResponse, TokenResponse as _, TokenUrl,
    core::{CoreClient, CoreErrorResponseType, CoreTokenResponse, CoreTokenType},
};

pub(crate) use self::{http_adapter::HttpAdapter, refresh::FailedRefresh};
pub use self::{
    request::TokenRequest,
    target::TokenTarget,
    token_set::{AccessToken, TokenSet},
};
use crate::{
    client::LogtoClient,
    error::{OAuthError, RequestError, TokenError},
    secret::ExposeSecret as _,
};

/// Lifetime in seconds if the response has no `expires_in`. It is short, because an early refresh
/// costs one request, while requests with an expired token fail.
pub(crate) const DEFAULT_LIFETIME: u64 = 300;

impl LogtoClient {
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
