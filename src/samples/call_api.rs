use axum::http::StatusCode;
use leptos::prelude::expect_context;
use logto_leptos::{TokenTarget, access_token};
use reqwest::{Method, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::products::ApiError;
use crate::state::AppState;

/// Reads data of the API on behalf of the user.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    let response = call(Method::GET, path, None).await?;
    response.json().await.map_err(|_| ApiError::Unreachable)
}

/// Sends data to the API on behalf of the user.
pub async fn post(path: &str, body: &Value) -> Result<(), ApiError> {
    call(Method::POST, path, Some(body)).await?;
    Ok(())
}

async fn call(method: Method, path: &str, body: Option<&Value>) -> Result<Response, ApiError> {
    let api = expect_context::<AppState>().api();
    let issued = access_token(TokenTarget::resource(api.resource))
        .await
        .map_err(ApiError::Auth)?;
    let mut request = api
        .client
        .request(method, format!("{}/{path}", api.address))
        .header("authorization", issued.token.authorization());
    if let Some(body) = body {
        request = request.json(body);
    }
    let response = request.send().await.map_err(|_| ApiError::Unreachable)?;
    match response.status() {
        StatusCode::OK | StatusCode::CREATED => Ok(response),
        status => Err(ApiError::Refused(status.as_u16())),
    }
}
