//! The server's counterpart of `session_signal`: every request renders from its own session.

use crate::browser::SessionView;

/// Always `None`: the state comes from the request.
pub(super) fn get() -> Option<SessionView> {
    None
}

/// No-op: the server renders each page once.
pub(super) fn set_untracked(_: SessionView) {}
