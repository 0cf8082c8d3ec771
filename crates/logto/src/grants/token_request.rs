//! The request that both grants send to the token endpoint, and its response.

use std::collections::BTreeSet;

use http::{Request, Response, StatusCode, header};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::{
    client::LogtoClient,
    client_auth::basic,
    error::{GrantError, OAuthError, RequestError},
    http::check_status,
    secret::SecretString,
    telemetry::Endpoint,
    token::{AccessToken, DEFAULT_LIFETIME, TokenTarget},
};

/// The application that asks for a token.
#[derive(Clone, Debug)]
pub(super) struct Credentials {
    pub(super) app_id: String,
    /// `None` for a public client.
    pub(super) app_secret: Option<SecretString>,
}

/// The form of a token request, encoded.
pub(super) struct GrantRequest(String);

impl GrantRequest {
    pub(super) fn new(grant_type: &str) -> Self {
        Self(String::new()).with("grant_type", grant_type)
    }

    pub(super) fn with(self, name: &str, value: &str) -> Self {
        Self(Serializer::new(self.0).append_pair(name, value).finish())
    }

    pub(super) fn for_target(mut self, target: &TokenTarget, scopes: &BTreeSet<String>) -> Self {
        let named = [
            ("resource", &target.resource),
            ("organization_id", &target.organization_id),
        ];
        for (name, value) in named {
            if let Some(value) = value {
                self = self.with(name, value);
            }
        }
        if scopes.is_empty() {
            return self;
        }
        let scopes: Vec<_> = scopes.iter().map(String::as_str).collect();
        self.with("scope", &scopes.join(" "))
    }

    pub(super) async fn send(self, client: &LogtoClient, app: &Credentials) -> Result<AccessToken, GrantError> {
        let metadata = client.metadata().await?;
        let mut request = Request::post(metadata.token_endpoint.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json");
        let form = match &app.app_secret {
            Some(secret) => {
                request = request.header(header::AUTHORIZATION, basic(&app.app_id, secret));
                self
            }
            None => self.with("client_id", &app.app_id),
        };
        let request = request.body(form.0.into_bytes());
        let request = request.map_err(|_| RequestError::InvalidResponse("the token endpoint"))?;
        let response = check_status(client.send(Endpoint::Token, request).await?)?;
        read(client, &response)
    }
}

/// Fails if the target names an empty resource or organization.
pub(super) fn check(target: &TokenTarget) -> Result<(), GrantError> {
    target.check().map_err(|_| GrantError::EmptyTarget)
}

fn read(client: &LogtoClient, response: &Response<Vec<u8>>) -> Result<AccessToken, GrantError> {
    #[derive(Deserialize)]
    struct Issued {
        access_token: String,
        token_type: String,
        expires_in: Option<u64>,
        scope: Option<String>,
    }
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    if response.status() != StatusCode::OK {
        let refusal: Option<Refusal> = serde_json::from_slice(response.body()).ok();
        return Err(refusal.map_or_else(
            || RequestError::UnexpectedStatus(response.status().as_u16()).into(),
            |refusal| GrantError::of(OAuthError::from_code(&refusal.error), response.status()),
        ));
    }
    let issued: Issued =
        serde_json::from_slice(response.body()).map_err(|_| RequestError::InvalidResponse("the token response"))?;
    if !issued.token_type.eq_ignore_ascii_case("bearer") {
        return Err(RequestError::InvalidResponse("the token type").into());
    }
    let is_token = |byte: u8| byte.is_ascii_graphic();
    if issued.access_token.is_empty() || !issued.access_token.bytes().all(is_token) {
        return Err(RequestError::InvalidResponse("the access token").into());
    }
    // Logto leaves `scope` out if it grants none. RFC 6749 §5.1 would mean all of them.
    let scopes = issued.scope.unwrap_or_default();
    let expires = client.now().plus(issued.expires_in.unwrap_or(DEFAULT_LIFETIME));
    let scopes = scopes.split_ascii_whitespace().map(str::to_owned).collect();
    Ok(AccessToken::new(issued.access_token, scopes, expires))
}
