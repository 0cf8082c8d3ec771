//! The server function that the browser asks for the session, and the snapshot of a page.

#![allow(
    unreachable_pub,
    reason = "the macro wraps the function, so rustc does not see its re-export"
)]

use leptos::prelude::*;

use crate::{AuthError, browser::Snapshot};

/// Returns the session state, the user and the routes.
///
/// Its response holds what [`Snapshot`] lists, and no token.
///
/// # Errors
///
/// If the request did not pass through the layer, or the session store is unavailable.
pub async fn session_snapshot() -> Result<Snapshot, AuthError> {
    request_snapshot(false).await
}

/// Returns the snapshot. With `fresh`, the claims of the user are refreshed first, at most once in
/// five seconds.
#[server(prefix = "/api", endpoint = "logto/session")]
pub async fn request_snapshot(#[server(default)] fresh: bool) -> Result<Snapshot, AuthError> {
    let snapshot = from_request::snapshot_of_request(fresh).await;
    let snapshot = snapshot.inspect_err(crate::server::log_unknown_session);
    snapshot.map_err(|error| AuthError::without_log(&error))
}

#[cfg(feature = "ssr")]
pub(crate) use from_request::{public_paths, snapshot_of_page, texts_of_request};

#[cfg(feature = "ssr")]
mod from_request {
    use crate::{
        AuthSession, ContextOptions, LogtoContext, SessionError, Texts, auth_session,
        browser::{ComponentTexts, RoutePaths, SessionView, Snapshot},
        server::log_unknown_session,
        set_up_findings,
    };

    /// The value that the server function returns.
    pub(super) async fn snapshot_of_request(fresh: bool) -> Result<Snapshot, SessionError> {
        let session = auth_session()?;
        let context = if fresh {
            session.refetched_context().await?
        } else {
            session.context(ContextOptions::default()).await?
        };
        Ok(snapshot(&session, &context))
    }

    /// Returns the snapshot for the page being rendered, without waiting: the layer has already
    /// loaded the session.
    pub(crate) fn snapshot_of_page() -> Snapshot {
        let without_session = |state| Snapshot {
            state,
            texts: texts_of_request(),
            problems: set_up_findings(),
            ..Snapshot::default()
        };
        let session = match auth_session() {
            Ok(session) => session,
            Err(error) => {
                log_unknown_session(&error);
                return match error {
                    SessionError::StaticPage => without_session(SessionView::Loading),
                    _ => without_session(SessionView::Anonymous),
                };
            }
        };
        let context = session.known_context().inspect_err(log_unknown_session);
        match context {
            Ok(Some(context)) => snapshot(&session, &context),
            // The browser asks.
            Ok(None) => without_user(&session, SessionView::Loading),
            Err(_) => without_user(&session, SessionView::Anonymous),
        }
    }

    fn snapshot(session: &AuthSession, context: &LogtoContext) -> Snapshot {
        Snapshot {
            user: session.user_view(context),
            ends_in: context.ends_in,
            active_organization: context.active_organization.clone(),
            ..without_user(session, context.state.into())
        }
    }

    fn without_user(session: &AuthSession, state: SessionView) -> Snapshot {
        Snapshot {
            state,
            paths: public_paths(session),
            texts: texts_of_request(),
            problems: set_up_findings(),
            ..Snapshot::default()
        }
    }

    /// The texts in the visitor's language, or in English without a request.
    pub(crate) fn texts_of_request() -> ComponentTexts {
        match auth_session() {
            Ok(session) => ComponentTexts::new(session.language(), |key| session.text(key)),
            Err(_) => ComponentTexts::new("en", Texts::english),
        }
    }

    /// The paths of the routes as the browser sees them.
    pub(crate) fn public_paths(session: &AuthSession) -> RoutePaths {
        let paths = session.public_paths();
        RoutePaths {
            sign_in: paths.sign_in().to_owned(),
            sign_out: paths.sign_out().to_owned(),
            organization: paths.organization().to_owned(),
            session_script: paths.session_script().to_owned(),
        }
    }
}
