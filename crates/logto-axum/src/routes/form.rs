//! Forms of this site.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts as _, RawForm, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use logto::InvalidParameter;

use super::failure;
use crate::{
    error::RouteError,
    guard::{
        fetch_metadata::{Source, source_of, wants_page},
        refusal::Refusal,
    },
    session::AuthSession,
};

/// The fields of a form of this site. A form that may come from another site is rejected before it
/// is read.
///
/// The origin decides, not the fetch mode: a service worker that passes a form through `fetch`
/// changes the mode.
pub(crate) struct SiteForm {
    pub(super) source: Source,
    pub(super) fields: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for SiteForm {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let session = AuthSession::from_request_parts(&mut parts, state).await;
        let session = session.map_err(IntoResponse::into_response)?;
        let source = source_of_form(&session, &parts.headers);
        let source = source.map_err(|error| failure::respond(&session, &error, None))?;
        let wants_page = wants_page(&parts.headers);
        match RawForm::from_request(Request::from_parts(parts, body), state).await {
            Ok(RawForm(fields)) => Ok(Self { source, fields }),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Refusal::BodyTooLarge.response(wants_page, session.translation()))
            }
            Err(_) => Err(invalid(&session, "content-type")),
        }
    }
}

/// Returns where a form comes from, unless it may come from another site.
pub(super) fn source_of_form(session: &AuthSession, headers: &HeaderMap) -> Result<Source, RouteError> {
    match source_of(headers, &session.address().origin) {
        Source::CrossSite | Source::Unknown => Err(RouteError::CrossSite),
        source => Ok(source),
    }
}

/// The response to a form with an invalid field or header.
pub(super) fn invalid(session: &AuthSession, parameter: &'static str) -> Response {
    let error = InvalidParameter(parameter);
    failure::respond(session, &error.into(), session.calling_page().as_ref())
}
