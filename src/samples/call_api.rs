use axum::http::StatusCode;
use leptos::prelude::expect_context;
use logto_leptos::{TokenTarget, access_token, step_up_challenge};
use reqwest::{Method, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{api::Api, api_error::ApiError};

/// Reads data of the API on behalf of the user.
pub async fn get<T: DeserializeOwned>(path: &str, token: TokenTarget) -> Result<T, ApiError> {
    let response = call(Method::GET, path, token, None).await?;
    response.json().await.map_err(|_| ApiError::Unreachable)
}

/// Sends data to the API on behalf of the user.
pub async fn post(path: &str, token: TokenTarget, body: &Value) -> Result<(), ApiError> {
    call(Method::POST, path, token, Some(body)).await?;
    Ok(())
}

async fn call(method: Method, path: &str, token: TokenTarget, body: Option<&Value>) -> Result<Response, ApiError> {
    let Api { client, address, .. } = expect_context();
    let issued = access_token(token).await.map_err(ApiError::Auth)?;
    let mut request = client
        .request(method, format!("{address}/{path}"))
        .header("authorization", issued.token.authorization());
    if let Some(body) = body {
        request = request.json(body);
    }
    let response = request.send().await.map_err(|_| ApiError::Unreachable)?;
    // The API demands a fresh or a stronger sign-in (RFC 9470): the user goes there, and comes back.
    if let Some(proof) = step_up_challenge(response.headers()) {
        return Err(ApiError::Auth(proof.into()));
    }
    match response.status() {
        StatusCode::OK | StatusCode::CREATED => Ok(response),
        status => Err(ApiError::Refused(status.as_u16())),
    }
}
