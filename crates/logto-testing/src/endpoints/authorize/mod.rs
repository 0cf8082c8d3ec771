//! The authorization endpoint, RFC 6749 §4.1.1. Without pages, the user whom the test signed in
//! consents at once.

pub(crate) mod callback;
pub(crate) mod checks;
pub(crate) mod extra_params;
pub(crate) mod magic_link;
pub(crate) mod scopes;
pub(crate) mod sign_in;
pub(crate) mod step_up;

use axum::{Extension, extract::State, http::HeaderMap, response::Response};

use self::{
    callback::redirect_to_callback,
    checks::{check_client, check_request},
    sign_in::sign_in,
};
use super::error::OidcError;
use crate::{
    interactive,
    provider::SharedProvider,
    requests::{AuthorizationRequest, Params},
};

pub(crate) async fn authorize(
    State(provider): SharedProvider,
    headers: HeaderMap,
    Extension(params): Extension<Params>,
) -> Result<Response, OidcError> {
    provider.state().last_authorization = Some(AuthorizationRequest {
        params: params.clone(),
        extra: extra_params::accepted(&params),
    });
    check_client(&provider, &params)?;
    if let Some(pages) = &provider.config.pages {
        return interactive::authorize(&provider, pages, params, &headers);
    }
    redirect_to_callback(&provider, &params, || {
        check_request(&provider, &params).and_then(|()| sign_in(&provider, &params))
    })
}
