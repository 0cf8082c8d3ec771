//! `POST /sign-out`: a form of this site ends the session here and at the provider.

use axum::response::Response;
use http::HeaderMap;

use super::{failure, see_other};
use crate::{
    csrf::{Source, source_of},
    error::RouteError,
    session::{AuthSession, SignOutOptions},
};

pub(crate) async fn end(session: AuthSession, headers: HeaderMap) -> Response {
    if source_of(&headers, &session.logto().shared.web.origin) == Source::Elsewhere {
        return failure::respond(&session, &RouteError::CrossSite);
    }
    see_other(&session.sign_out(SignOutOptions::default()).await)
}
