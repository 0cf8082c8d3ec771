//! `GET /callback`: the provider sends the user back.

use axum::{extract::RawQuery, response::Response};
use logto::{
    CallbackRequest,
    session::{Session, SessionState},
};

use super::{failure, see_other};
use crate::{
    error::{AuthError, RouteError},
    return_to::ReturnTo,
    session::AuthSession,
};

pub(crate) async fn finish(session: AuthSession, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    if let Some(page) = failure::plain_page(&session, &query) {
        return page;
    }
    let web = &session.logto().shared.web;
    let redirect_uri = web.absolute(&web.paths().callback);
    let request = CallbackRequest::parse(&redirect_uri, &query);
    match sign_in(&session, request).await {
        Ok(return_to) => see_other(&web.absolute(return_to.as_str())),
        // Another tab was faster, or the user went back: they are where they wanted to be.
        Err(RouteError::TransactionMissing) if is_signed_in(&session).await => see_other(&web.absolute("/")),
        Err(error) => failure::respond(&session, &error),
    }
}

/// Take the transaction, judge the callback, begin the session. The transaction's cookie is gone whatever comes of it.
async fn sign_in(session: &AuthSession, request: CallbackRequest) -> Result<ReturnTo, RouteError> {
    let logto = session.logto();
    let transaction = request
        .state()
        .and_then(|state| logto.shared.cookies.take_transaction(session.cookies(), state))
        .ok_or(RouteError::TransactionMissing)?;
    let return_to = transaction
        .post_redirect()
        .and_then(ReturnTo::parse)
        .unwrap_or_else(ReturnTo::home);
    let signed_in = logto.client().finish_sign_in(request, transaction).await?;
    let begun = Session::begin(signed_in, logto.client().now(), logto.client().random())?;
    session.begin(begun).await.map_err(|error| match error {
        AuthError::Store(error) => RouteError::Store(error),
        _ => RouteError::TransactionNotKept,
    })?;
    Ok(return_to)
}

async fn is_signed_in(session: &AuthSession) -> bool {
    session.state().await.is_ok_and(SessionState::is_authenticated)
}
