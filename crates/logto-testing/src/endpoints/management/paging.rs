//! Pages of a list.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use serde_json::Value;

use super::error::ApiError;
use crate::requests::Params;

const DEFAULT_SIZE: usize = 20;
const MAX_SIZE: usize = 100;

/// The page that the request asks for, with the headers of Logto. The URLs in `Link` lack `/api`, as
/// Logto's do.
pub(super) fn page(items: &[Value], params: &Params, path: &str) -> Result<Response, ApiError> {
    let number = |name: &str, default: usize| match params.get(name) {
        Some(text) => text
            .parse()
            .ok()
            .filter(|&number: &usize| number > 0)
            .ok_or(ApiError::INVALID),
        None => Ok(default),
    };
    let (page, size) = (number("page", 1)?, number("page_size", DEFAULT_SIZE)?);
    if size > MAX_SIZE {
        return Err(ApiError::INVALID);
    }
    let of_page: Vec<_> = items.iter().skip((page - 1).saturating_mul(size)).take(size).collect();
    let mut response = Json(of_page).into_response();
    let link = format!(
        "<http://wrong.invalid{path}?page={}&page_size={size}>; rel=\"next\"",
        page + 1
    );
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("total-number"), HeaderValue::from(items.len()));
    headers.insert(
        header::LINK,
        HeaderValue::from_str(&link).expect("a path is a header value"),
    );
    Ok(response)
}
