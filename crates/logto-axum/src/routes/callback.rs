//! `GET /callback`: the provider sends the user back.

use axum::{extract::RawQuery, response::Response};
use logto::{
    CallbackError, CallbackRequest, SignInTransaction,
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
    let request = CallbackRequest::parse(&session.redirect_uri(), &query);
    // Its cookie is gone from here on, whatever comes of it.
    let transaction = request
        .state()
        .and_then(|state| session.jar().take_transaction(session.cookies(), state));
    let wanted = transaction.as_ref().and_then(SignInTransaction::post_redirect);
    let return_to = wanted.and_then(ReturnTo::parse).unwrap_or_else(ReturnTo::home);
    let result = match transaction {
        Some(transaction) => sign_in(&session, request, transaction).await,
        None => Err(RouteError::TransactionMissing),
    };
    match result {
        Ok(()) => see_other(&session.address().return_address(&return_to)),
        // Another tab was faster, or the user went back: they are signed in, which is what they wanted.
        Err(RouteError::TransactionMissing | RouteError::Callback(CallbackError::TransactionExpired))
            if is_signed_in(&session).await =>
        {
            see_other(&session.address().return_address(&return_to))
        }
        Err(error) => failure::respond(&session, &error),
    }
}

/// Judge the callback, begin the session.
async fn sign_in(
    session: &AuthSession,
    request: CallbackRequest,
    transaction: SignInTransaction,
) -> Result<(), RouteError> {
    let client = session.logto().client();
    let signed_in = client.finish_sign_in(request, transaction).await?;
    let begun = Session::begin(signed_in, client.now(), client.random())?;
    session.begin(begun).await.map_err(|error| match error {
        AuthError::Store(error) => RouteError::Store(error),
        AuthError::SessionTooLarge => RouteError::SessionTooLarge,
        _ => RouteError::TransactionNotKept,
    })
}

async fn is_signed_in(session: &AuthSession) -> bool {
    session.state().await.is_ok_and(SessionState::is_authenticated)
}
