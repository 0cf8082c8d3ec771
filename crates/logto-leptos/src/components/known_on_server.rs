//! The server's side of `known`: it draws each page anew.

use crate::browser::SessionView;

/// Nothing beyond what the request says.
pub(super) fn known() -> Option<SessionView> {
    None
}

/// No-op: no page is drawn twice.
pub(super) fn keep(_: SessionView) {}
