//! `POST /sign-out`: a form of this site ends the session here and, unless it says otherwise, at
//! the provider.

use axum::{Form, extract::rejection::FormRejection, response::Response};
use http::HeaderMap;
use serde::Deserialize;

use super::{failure, see_other};
use crate::{
    error::RouteError,
    guard::fetch_metadata::{Source, source_of},
    pages::unavailable,
    session::AuthSession,
    session::sign_out::SignOutOptions,
};

/// Where the user goes afterwards is the server's to decide.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct SignOutForm {
    #[serde(default)]
    this_app_only: bool,
}

pub(crate) async fn end(
    session: AuthSession,
    headers: HeaderMap,
    form: Result<Form<SignOutForm>, FormRejection>,
) -> Response {
    let source = source_of(&headers, &session.address().origin);
    if matches!(source, Source::Elsewhere | Source::Unsaid) {
        return failure::respond(&session, &RouteError::CrossSite, None);
    }
    // Whatever the form says, somebody wants to be signed out.
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let options = SignOutOptions::default().with_this_app_only(form.this_app_only);
    match session.sign_out(options).await {
        Ok(address) => see_other(&address),
        // The store does not answer: nothing has happened.
        Err(_) => unavailable::page(),
    }
}
