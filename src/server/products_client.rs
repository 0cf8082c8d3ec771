//! The caller's side of the protected API: get an access token, send it along.

use http::{StatusCode, header};
use leptos::prelude::use_context;
use logto_leptos::{AuthError, Diagnose as _, TokenTarget, access_token};
use serde::de::DeserializeOwned;

use super::products::Product;
use crate::state::AppState;

/// The API could not be called.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// No access token.
    #[error(transparent)]
    Token(#[from] AuthError),
    /// No resource is configured.
    #[error("no API resource is configured; set LOGTO_RESOURCES and register the resource in the Logto console")]
    NoResource,
    /// The token lacks the scope.
    #[error("the access token lacks a scope this call needs; give the user the permission in Logto")]
    InsufficientScope,
    /// The product has no name, or too long a one.
    #[error("a product needs a name of at most 60 characters")]
    InvalidProduct,
    /// The API answered something else.
    #[error("the API did not answer as expected; look at the server's log")]
    Unavailable,
}

impl ApiError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Token(error) => error.code(),
            Self::NoResource => "no_resource",
            Self::InsufficientScope => "insufficient_scope",
            Self::InvalidProduct => "name_invalid",
            Self::Unavailable => "api_unavailable",
        }
    }
}

/// `GET /api/products`.
///
/// # Errors
///
/// When there is no token for the API, or it refuses.
pub async fn list() -> Result<Vec<Product>, ApiError> {
    call(reqwest::Method::GET, None).await
}

/// `POST /api/products`.
///
/// # Errors
///
/// When there is no token for the API, or it refuses.
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
    /// The API is in this process: called where it listens, whatever name the world knows it by.
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
