//! The redirect to the callback, RFC 6749 §4.1.2.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use url::Url;

use super::super::error::OidcError;
use crate::{
    faults::{Callback, CallbackFault},
    provider::Provider,
    requests::Params,
};

/// Redirects to the callback of a checked request with the code of `issue`, or with its error.
/// `issue` is not called if a fault requests an error.
pub(crate) fn redirect_to_callback(
    provider: &Provider,
    params: &Params,
    issue: impl FnOnce() -> Result<String, OidcError>,
) -> Result<Response, OidcError> {
    let faults: Vec<CallbackFault> = provider.faults.take();
    let mut callback = Callback {
        state: params.get("state").map(str::to_owned),
        iss: Some(provider.issuer()),
        ..Callback::default()
    };
    if !faults.iter().any(|fault| matches!(fault, CallbackFault::Error { .. })) {
        match issue() {
            Ok(code) => callback.code = Some(code),
            Err(error) if error.is_shown_here => return Err(error),
            Err(error) => callback.error = Some((error.error, Some(error.description))),
        }
    }
    for fault in &faults {
        fault.apply(&mut callback);
    }
    let redirect_uri = params.get("redirect_uri").unwrap_or_default();
    let mut url = Url::parse(redirect_uri).expect("a registered redirect URI is a URL");
    url.query_pairs_mut().extend_pairs(callback.pairs());
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, url.to_string())]).into_response())
}
