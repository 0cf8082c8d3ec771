//! The session that begins when a user has signed in.

use axum::http::{HeaderMap, header};

use super::cookies::{self, Name};
use crate::provider::{Authentication, BrowserSession, Provider, Visit};

/// Starts a session for a user, and returns the value of its cookie. It has the `sid` of the
/// browser's earlier session of the same user.
pub(super) fn start(
    provider: &Provider,
    headers: &HeaderMap,
    user_id: String,
    authentication: Authentication,
) -> String {
    let now = provider.now();
    let earlier = cookies::read(provider, headers, Name::Session);
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let session = BrowserSession::new(user_id, now, user_agent.map(str::to_owned));
    let mut state = provider.state();
    let earlier = earlier.and_then(|cookie| state.visits.end_session(&cookie));
    let earlier = earlier.filter(|visit| visit.session.user_id == session.user_id);
    let visit = Visit {
        consented: earlier.as_ref().is_some_and(|visit| visit.consented),
        session: session
            .with_authentication(authentication)
            .after(earlier.map(|visit| visit.session)),
    };
    state.visits.start_session(visit, now)
}
