//! Calls the demo API with an access token.

use http::{StatusCode, header};
use leptos::prelude::use_context;
use logto_leptos::{AuthError, TokenTarget, access_token};
use serde::de::DeserializeOwned;

use super::products::Product;
use crate::state::AppState;

/// An error of a call to the demo API.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// No access token could be obtained.
    #[error(transparent)]
    Token(#[from] AuthError),
    /// No resource is configured.
    #[error("no API resource is configured; set LOGTO_RESOURCES and register the resource in the Logto console")]
    NoResource,
    /// The token lacks the scope.
    #[error("the access token lacks the required scope; give the user the permission in the Logto console")]
    InsufficientScope,
    /// The name of the product is missing or too long.
    #[error("a product needs a name of at most 60 characters")]
    InvalidProduct,
    /// The API is unreachable or sent an unexpected response.
    #[error("the API is unreachable or sent an unexpected response; see the log of the server")]
    Unavailable,
}

impl ApiError {
    /// Returns a stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Token(error) => error.code(),
            Self::NoResource => "no_resource",
            Self::InsufficientScope => "insufficient_scope",
            Self::InvalidProduct => "name_invalid",
            Self::Unavailable => "api_unavailable",
        }
    }
}

/// Sends `GET /api/products`.
///
/// # Errors
///
/// If there is no token for the API, or the call fails.
pub async fn list() -> Result<Vec<Product>, ApiError> {
    call(reqwest::Method::GET, None).await
}

/// Sends `POST /api/products`.
///
/// # Errors
///
/// If there is no token for the API, or the call fails.
pub async fn add(name: String) -> Result<Product, ApiError> {
    call(reqwest::Method::POST, Some(serde_json::json!({ "name": name }))).await
}

// [show:call-api]
async fn call<T: DeserializeOwned>(method: reqwest::Method, body: Option<serde_json::Value>) -> Result<T, ApiError> {
    let api = Api::of_this_app().ok_or(ApiError::NoResource)?;
    let issued = access_token(TokenTarget::resource(&api.resource)).await?;
    let mut request = api
        .client
        .request(method, &api.address)
        .header(header::AUTHORIZATION, issued.token.authorization());
    // [/show]
    if let Some(body) = body {
        request = request
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string());
    }
    let response = request.send().await.map_err(|_| ApiError::Unavailable)?;
    match response.status() {
        StatusCode::OK | StatusCode::CREATED => {}
        StatusCode::FORBIDDEN => return Err(ApiError::InsufficientScope),
        StatusCode::UNPROCESSABLE_ENTITY => return Err(ApiError::InvalidProduct),
        _ => return Err(ApiError::Unavailable),
    }
    let body = response.bytes().await.map_err(|_| ApiError::Unavailable)?;
    serde_json::from_slice(&body).map_err(|_| ApiError::Unavailable)
}

struct Api {
    client: reqwest::Client,
    /// The address that this process listens on: the API is part of the app, so no public name is
    /// needed.
    address: String,
    resource: String,
}

impl Api {
    fn of_this_app() -> Option<Self> {
        let state = use_context::<AppState>()?;
        let resource = state.settings.products_resource.clone()?;
        Some(Self {
            client: state.http.clone(),
            address: format!("http://{}/api/products", state.leptos.site_addr),
            resource,
        })
    }
}
