//! `POST /sign-in`: a form of this site starts a sign-in.

use std::borrow::Cow;

use axum::{
    extract::{RawForm, rejection::RawFormRejection},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};
use logto::{InvalidParameter, SignInOptions};
use url::form_urlencoded;

use super::{failure, see_other};
use crate::{
    error::{AuthError, RouteError},
    guard::Refusal,
    guard::fetch_metadata::{Source, source_of},
    pages::unavailable::wants_page,
    return_to::ReturnTo,
    session::AuthSession,
};

/// Judged by where the form comes from, not by how it was sent: a service worker that passes it
/// through `fetch` changes the mode.
pub(crate) async fn start(
    session: AuthSession,
    headers: HeaderMap,
    form: Result<RawForm, RawFormRejection>,
) -> Response {
    let source = source_of(&headers, &session.address().origin);
    if matches!(source, Source::Elsewhere | Source::Unsaid) {
        return failure::respond(&session, &RouteError::CrossSite, None);
    }
    let form = match form {
        Ok(RawForm(form)) => form,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Refusal::BodyTooLarge.response(wants_page(&headers));
        }
        Err(_) => {
            let error = InvalidParameter("content-type");
            return failure::respond(&session, &error.into(), session.calling_page().as_ref());
        }
    };
    let return_to = match wanted_path(&form) {
        Some(path) => ReturnTo::parse(&path).map(ReturnTo::without_one_time_token),
        None => session.calling_page(),
    };
    let options = match read(&session, &form) {
        Ok(options) => options,
        Err(error) => return failure::respond(&session, &error.into(), return_to.as_ref()),
    };
    if source == Source::OtherName {
        // The callback comes to the base URL, where a cookie set under another name would be
        // missing.
        let return_to = return_to.unwrap_or_else(ReturnTo::home);
        return see_other(&session.address().return_address(&return_to));
    }
    match session.start_sign_in(options).await {
        Ok(url) => see_other(url.as_str()),
        Err(AuthError::Prefetch) => AuthError::Prefetch.into_response(),
        Err(error) => failure::respond(&session, &error.into(), return_to.as_ref()),
    }
}

/// Where a form or link asks to lead back to, read on its own: an option that is not valid does not
/// lose it.
pub(crate) fn wanted_path(fields: &[u8]) -> Option<Cow<'_, str>> {
    let mut fields = form_urlencoded::parse(fields);
    let wanted = fields.find(|(name, value)| name == "return_to" && !value.is_empty());
    wanted.map(|(_, path)| path)
}

/// What a form or link asks for, as far as it may.
pub(crate) fn read(session: &AuthSession, fields: &[u8]) -> Result<SignInOptions, InvalidParameter> {
    let extra = &session.shared().web.config.extra_parameters;
    let options = SignInOptions::from_fields(form_urlencoded::parse(fields), extra)?;
    // It may be the page that the form was on, opened by a magic link.
    let page = options.post_redirect().and_then(ReturnTo::parse);
    Ok(match page {
        Some(page) => options.with_post_redirect(page.without_one_time_token().to_string()),
        None => options,
    })
}
