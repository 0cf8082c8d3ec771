//! `POST /organization` sets the active organization of the session.

use axum::{
    extract::{RawForm, rejection::RawFormRejection},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};
use logto::InvalidParameter;
use url::form_urlencoded;

use super::{failure, see_other::see_other, sign_in::ReturnPath};
use crate::{
    error::RouteError,
    guard::{
        fetch_metadata::{Source, source_of, wants_page},
        refusal::Refusal,
    },
    return_to::ReturnTo,
    session::AuthSession,
};

/// The field with the id of the organization. If it is empty, no organization is active.
const ORGANIZATION_ID: &str = "organization_id";

pub(crate) async fn switch(
    session: AuthSession,
    headers: HeaderMap,
    form: Result<RawForm, RawFormRejection>,
) -> Response {
    let source = source_of(&headers, &session.address().origin);
    if matches!(source, Source::CrossSite | Source::Unknown) {
        return failure::respond(&session, &RouteError::CrossSite, None);
    }
    let form = match form {
        Ok(RawForm(form)) => form,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Refusal::BodyTooLarge.response(wants_page(&headers), session.translation());
        }
        Err(_) => return invalid(&session, "content-type"),
    };
    let mut fields = form_urlencoded::parse(&form);
    let Some((_, id)) = fields.find(|(name, _)| name == ORGANIZATION_ID) else {
        return invalid(&session, ORGANIZATION_ID);
    };
    let return_to = match ReturnPath::read(&form) {
        ReturnPath::Unset => session.calling_page(),
        return_path => return_path.page(),
    };
    let id = (!id.is_empty()).then_some(&*id);
    match session.set_active_organization(id).await {
        Ok(()) => {
            let return_to = return_to.unwrap_or_else(ReturnTo::home);
            see_other(&session.address().return_address(&return_to))
        }
        Err(error) => error.into_response(),
    }
}

fn invalid(session: &AuthSession, parameter: &'static str) -> Response {
    let error = InvalidParameter(parameter);
    failure::respond(session, &error.into(), session.calling_page().as_ref())
}
