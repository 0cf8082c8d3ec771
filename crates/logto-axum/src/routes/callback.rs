//! `GET /callback`: the provider sends the user back.

use axum::{extract::RawQuery, response::Response};
use logto::{
    CallbackError, CallbackRequest, Diagnose as _, SignInTransaction, SignedIn, Timestamp,
    session::{LogoutMark, Session, SessionState},
};

use super::{failure, see_other};
use crate::{error::RouteError, return_to::ReturnTo, session::AuthSession};

pub(crate) async fn finish(session: AuthSession, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    if let Some(page) = failure::plain_page(&session, &query) {
        return page;
    }
    let request = CallbackRequest::parse(&session.redirect_uri(), &query);
    // Its cookie is gone from here on, whatever comes of it. One that another process may be able
    // to open is left alone.
    let transaction = request.state().and_then(|state| {
        session
            .jar()
            .take_transaction(session.sent_cookies(), session.cookies(), state)
    });
    let wanted = transaction.as_ref().and_then(SignInTransaction::post_redirect);
    let return_to = wanted.and_then(ReturnTo::parse).unwrap_or_else(ReturnTo::home);
    let result = match transaction {
        Some(transaction) if is_first_use(&session, &transaction).await => {
            sign_in(&session, request, transaction).await
        }
        _ => Err(RouteError::TransactionMissing),
    };
    match result {
        Ok(()) => see_other(&session.address().return_address(&return_to)),
        // Another tab was faster, or the user went back: they are signed in, which is what they
        // wanted.
        Err(RouteError::TransactionMissing | RouteError::Callback(CallbackError::TransactionExpired))
            if is_signed_in(&session).await =>
        {
            see_other(&session.address().return_address(&return_to))
        }
        Err(error) => failure::respond(&session, &error, Some(&return_to)),
    }
}

/// A code that is sent twice costs the user the tokens of the first time (RFC 6749 §4.1.2), and
/// browsers do open an address twice.
///
/// A list that does not answer is taken for a yes: the cookie is gone from the browser, the
/// provider takes a code once, and a no would only send the user back to the start.
async fn is_first_use(session: &AuthSession, transaction: &SignInTransaction) -> bool {
    let used = session.logto().shared.deny_list.use_up_transaction(transaction).await;
    used.unwrap_or_else(|error| {
        tracing::warn!(
            code = error.code(),
            "whether a sign-in was finished before is not known"
        );
        true
    })
}

/// Judge the callback, begin the session.
async fn sign_in(
    session: &AuthSession,
    request: CallbackRequest,
    transaction: SignInTransaction,
) -> Result<(), RouteError> {
    let client = session.logto().client();
    // Not later: a logout that comes while the code is redeemed ends this session too.
    let started = client.now();
    let logouts = logouts_so_far(session).await;
    let signed_in = match client.finish_sign_in(request, transaction).await {
        Ok(signed_in) => signed_in,
        Err(failed) => {
            if has_no_other(session).await {
                client.revoke_failed_sign_in(&failed).await;
            }
            return Err(failed.error.into());
        }
    };
    let begun = begin(session, signed_in.clone(), started, logouts).await;
    if begun.is_err() && has_no_other(session).await {
        client.revoke_sign_in(&signed_in).await;
    }
    begun
}

/// Whether this browser certainly has no session. One that goes on may share the grant, because
/// Logto adds a sign-in to the grant that the browser has already: revoking the new tokens would
/// end it. So the grant stays if the store does not answer, or if the cookie is sealed with a
/// secret that another process has. Nothing is left that could use it: the tokens are dropped here.
async fn has_no_other(session: &AuthSession) -> bool {
    matches!(session.reading().read().await, Ok(None))
}

async fn begin(
    session: &AuthSession,
    signed_in: SignedIn,
    started: Timestamp,
    logouts: LogoutMark,
) -> Result<(), RouteError> {
    let begun = Session::begin(signed_in, started, session.logto().client().random())?.begun_after(logouts);
    Ok(session.begin(begun).await?)
}

/// A list that does not answer is taken for an empty one: then a logout of the last moments ends
/// the session, and the user signs in again.
async fn logouts_so_far(session: &AuthSession) -> LogoutMark {
    let mark = session.logto().shared.deny_list.mark().await;
    mark.unwrap_or_else(|error| {
        tracing::warn!(code = error.code(), "the logouts before a sign-in are not known");
        LogoutMark::default()
    })
}

async fn is_signed_in(session: &AuthSession) -> bool {
    session.state().await.is_ok_and(SessionState::is_authenticated)
}
