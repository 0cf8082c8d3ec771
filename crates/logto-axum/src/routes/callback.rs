//! `GET /callback`, the redirect URI: finishes a sign-in.

use axum::{extract::RawQuery, response::Response};
use logto::{
    CallbackError, CallbackRequest, Diagnose as _, OAuthError, SignInTransaction, SignedIn, Timestamp, UserScope,
    session::{LogoutMark, Session, SessionState},
    telemetry::count_sign_in,
};
use tracing::Instrument as _;

use super::{failure, see_other::see_other};
use crate::{
    error::RouteError,
    observe::{operation, outcome_of},
    return_to::ReturnTo,
    session::AuthSession,
};

pub(crate) async fn finish(session: AuthSession, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    if let Some(page) = failure::plain_page(&session, &query) {
        return page;
    }
    let request = CallbackRequest::parse(&session.redirect_uri(), &query);
    // This removes the transaction cookie, whatever the outcome, unless only another process may be
    // able to open it.
    let transaction = request.state().and_then(|state| {
        session
            .jar()
            .take_transaction(session.sent_cookies(), session.cookies(), state)
    });
    let wanted = transaction.as_ref().and_then(SignInTransaction::post_redirect);
    let return_to = wanted.and_then(ReturnTo::parse).unwrap_or_else(ReturnTo::home);
    let is_silent = transaction
        .as_ref()
        .map_or_else(|| request.says_silent(), SignInTransaction::is_silent);
    let is_unsolicited = request.is_unsolicited() && !session.jar().has_transaction(session.sent_cookies());
    let span = operation!("logto.callback");
    let judge = async {
        match transaction {
            _ if is_unsolicited => Err(RouteError::Unsolicited),
            Some(transaction) if is_first_use(&session, &transaction).await => {
                sign_in(&session, request, transaction).await
            }
            _ => Err(RouteError::TransactionMissing),
        }
    };
    let result = judge.instrument(span.clone()).await;
    outcome_of(&result).record_in(&span);
    respond(&session, result, &return_to, is_silent).instrument(span).await
}

async fn respond(
    session: &AuthSession,
    result: Result<(), RouteError>,
    return_to: &ReturnTo,
    is_silent: bool,
) -> Response {
    let outcome = outcome_of(&result);
    let is_repeated = matches!(
        result,
        Err(RouteError::TransactionMissing | RouteError::Callback(CallbackError::TransactionExpired))
    );
    // The callback was finished in another tab, or opened again: the user is signed in.
    if is_repeated && is_signed_in(session).await {
        return see_other(&session.address().return_address(return_to));
    }
    count_sign_in(outcome);
    match result {
        Ok(()) => see_other(&session.address().return_address(return_to)),
        Err(error) if is_silent => {
            note_silent_failure(&error);
            // The redirect does not depend on the session, so the store need not be available.
            session.lock().store_failed = false;
            see_other(&session.address().return_address(return_to))
        }
        Err(error) => failure::respond(session, &error, Some(return_to)),
    }
}

/// Logs the failure of a sign-in that the user did not ask for.
fn note_silent_failure(error: &RouteError) {
    match error {
        RouteError::Callback(CallbackError::Refused(
            OAuthError::LoginRequired
            | OAuthError::ConsentRequired
            | OAuthError::InteractionRequired
            | OAuthError::AccountSelectionRequired,
        )) => tracing::debug!(code = error.code(), "a silent sign-in needs the user"),
        RouteError::Callback(CallbackError::Refused(OAuthError::AccessDenied)) => {
            tracing::debug!(
                code = error.code(),
                "a silent sign-in failed: the user may not use the app"
            );
        }
        // The user's own sign-ins in other tabs may have evicted the transaction, or the callback
        // is forged.
        RouteError::TransactionMissing => {
            tracing::info!(code = error.code(), "a silent sign-in has no transaction");
        }
        _ => tracing::warn!(code = error.code(), %error, "a silent sign-in failed"),
    }
}

/// Whether the transaction is used for the first time. Browsers sometimes open an address twice,
/// and if a code is redeemed again, the provider revokes the tokens of the first redemption (RFC
/// 6749 §4.1.2).
///
/// If the deny list is unavailable, the transaction counts as unused: its cookie has been removed
/// from the browser, and the provider accepts a code only once. If it counted as used, the user
/// would have to start again.
async fn is_first_use(session: &AuthSession, transaction: &SignInTransaction) -> bool {
    let used = session.logto().shared.deny_list.use_up_transaction(transaction).await;
    used.unwrap_or_else(|error| {
        tracing::warn!(
            code = error.code(),
            "the deny list is unavailable, so a repeated sign-in would not be noticed"
        );
        true
    })
}

/// Judges the callback, and begins the session.
async fn sign_in(
    session: &AuthSession,
    request: CallbackRequest,
    transaction: SignInTransaction,
) -> Result<(), RouteError> {
    let client = session.logto().client();
    // Read before the code is redeemed, so that a logout in between ends this session too.
    let started = client.now();
    let logouts = logouts_so_far(session).await;
    let sign_in_started = transaction.started();
    let link_email = transaction.link_email().map(str::to_owned);
    let signed_in = match client.finish_sign_in(request, transaction).await {
        Ok(signed_in) => signed_in,
        Err(failed) => {
            if has_no_other(session).await {
                client.revoke_failed_sign_in(&failed).await;
            }
            return Err(failed.error.into());
        }
    };
    let times = (sign_in_started, started);
    let begun = match check_link(session, link_email, &signed_in) {
        Ok(()) => begin(session, signed_in.clone(), times, logouts).await,
        Err(error) => Err(error),
    };
    if begun.is_err() && has_no_other(session).await {
        client.revoke_sign_in(&signed_in).await;
    }
    begun
}

/// Checks that the user is the one of the magic link, by email address. If another user is signed
/// in at Logto and chooses to stay signed in, Logto returns that user.
///
/// Without the scope `email`, the app does not know the user's address, and the user is accepted.
fn check_link(session: &AuthSession, link_email: Option<String>, signed_in: &SignedIn) -> Result<(), RouteError> {
    let Some(link_email) = link_email else { return Ok(()) };
    let mut scopes = session.logto().client().config().scopes().iter();
    if !scopes.any(|scope| scope == UserScope::Email.as_str()) {
        return Ok(());
    }
    let claims = signed_in.id_token.claims();
    let is_same = |email: &String| email.to_lowercase() == link_email.to_lowercase();
    if claims.profile.email.as_ref().is_some_and(is_same) {
        return Ok(());
    }
    let name = claims.profile.email.as_deref().or(claims.profile.display_name());
    Err(RouteError::AnotherUser {
        user: name.unwrap_or(&claims.sub).to_owned(),
        link_email,
    })
}

/// Whether this browser certainly has no other session.
///
/// Logto adds a sign-in to the grant that the browser already has, so revoking the new tokens would
/// end a session that shares the grant. The tokens are therefore not revoked if the store is
/// unavailable, or if the cookie is sealed with a key that another process may have. They are
/// dropped instead, so that the grant is not used.
async fn has_no_other(session: &AuthSession) -> bool {
    matches!(session.loader().load().await, Ok(None))
}

async fn begin(
    session: &AuthSession,
    signed_in: SignedIn,
    (sign_in_started, started): (Timestamp, Timestamp),
    logouts: LogoutMark,
) -> Result<(), RouteError> {
    let logto = session.logto();
    let begun = Session::begin(signed_in, started, logto.client().random())?.begun_after(logouts);
    // Boxed, because it is rare that an app has the hook.
    let begun = Box::pin(logto.approve(begun, sign_in_started)).await?;
    // Boxed, because not every sign-in requests them.
    let begun = Box::pin(logto.with_organization_names(begun)).await;
    Ok(session.begin(begun).await?)
}

/// The logouts before this sign-in, which do not end it. If the deny list is unavailable, a logout
/// shortly before ends the session, and the user signs in again.
async fn logouts_so_far(session: &AuthSession) -> LogoutMark {
    let mark = session.logto().shared.deny_list.mark().await;
    mark.unwrap_or_else(|error| {
        tracing::warn!(
            code = error.code(),
            "the deny list is unavailable, so a logout before this sign-in may end it"
        );
        LogoutMark::default()
    })
}

async fn is_signed_in(session: &AuthSession) -> bool {
    session.state().await.is_ok_and(SessionState::is_authenticated)
}
