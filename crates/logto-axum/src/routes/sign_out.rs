//! `POST /sign-out` ends the session here and, unless the form says otherwise, at the provider.
//! `GET /sign-out` asks for a click first.

use axum::{Form, extract::rejection::FormRejection, response::Response};
use http::HeaderMap;
use serde::Deserialize;

use super::{failure, form::source_of_form, see_other::see_other};
use crate::{
    pages::{confirm::sign_out_page, unavailable::unavailable_page},
    session::{AuthSession, sign_out::SignOutOptions},
};

/// The fields of the form. The server decides where the user goes afterwards.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct SignOutForm {
    #[serde(default)]
    this_app_only: bool,
}

pub(crate) async fn confirm(session: AuthSession) -> Response {
    sign_out_page(&session)
}

pub(crate) async fn end(
    session: AuthSession,
    headers: HeaderMap,
    form: Result<Form<SignOutForm>, FormRejection>,
) -> Response {
    if let Err(error) = source_of_form(&session, &headers) {
        return failure::respond(&session, &error, None);
    }
    // An invalid form still signs out.
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let options = SignOutOptions::default().with_this_app_only(form.this_app_only);
    match session.sign_out(options).await {
        Ok(address) => see_other(&address),
        // The store is unavailable: the user remains signed in.
        Err(_) => unavailable_page(session.translation()),
    }
}
