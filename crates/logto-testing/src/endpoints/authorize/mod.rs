//! The authorization endpoint, RFC 6749 §4.1.1. It shows no page: the signed-in user consents at
//! once.

mod checks;
mod extra_params;
mod scopes;
mod sign_in;

use axum::{
    Extension,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use url::Url;

use self::{
    checks::{check_client, check_request},
    sign_in::{NOT_SIGNED_IN, sign_in},
};
use super::error::OidcError;
use crate::{
    faults::{Callback, CallbackFault},
    provider::SharedProvider,
    requests::{AuthorizationRequest, Params},
};

pub(crate) async fn authorize(
    State(provider): SharedProvider,
    Extension(params): Extension<Params>,
) -> Result<Response, OidcError> {
    provider.state().last_authorization = Some(AuthorizationRequest {
        params: params.clone(),
        extra: extra_params::accepted(&params),
    });
    let redirect_uri = check_client(&provider, &params)?;
    let faults: Vec<CallbackFault> = provider.faults.take();
    let mut callback = Callback {
        state: params.get("state").map(str::to_owned),
        iss: Some(provider.issuer()),
        ..Callback::default()
    };
    if !faults.iter().any(|fault| matches!(fault, CallbackFault::Error { .. })) {
        let code = check_request(&provider, &params).and_then(|()| sign_in(&provider, &params, redirect_uri));
        match code {
            Ok(code) => callback.code = Some(code),
            Err(error) if error.error == NOT_SIGNED_IN => return Err(error),
            Err(error) => callback.error = Some((error.error, Some(error.description))),
        }
    }
    for fault in &faults {
        fault.apply(&mut callback);
    }
    let mut url = Url::parse(redirect_uri).expect("a registered redirect URI is a URL");
    url.query_pairs_mut().extend_pairs(callback.pairs());
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, url.to_string())]).into_response())
}
