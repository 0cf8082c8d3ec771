//! Requests of Logto's HTTP APIs, which take a bearer token and JSON.

use http::{HeaderValue, Method, Request, header};
use url::Url;

use crate::{error::RequestError, token::AccessToken};

/// Makes a request with the token. `body` is JSON.
pub(crate) fn api_request(
    method: &Method,
    url: &Url,
    token: &AccessToken,
    body: Option<Vec<u8>>,
) -> Result<Request<Vec<u8>>, RequestError> {
    let mut authorization =
        HeaderValue::try_from(token.authorization()).map_err(|_| RequestError::InvalidResponse("the access token"))?;
    authorization.set_sensitive(true);
    let mut request = Request::builder()
        .method(method.clone())
        .uri(url.as_str())
        .header(header::ACCEPT, "application/json")
        .header(header::AUTHORIZATION, authorization);
    if body.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let request = request.body(body.unwrap_or_default());
    request.map_err(|_| RequestError::InvalidResponse("the request"))
}
