//! What only a browser does. The server draws each page anew.

pub(super) mod known {
    use crate::browser::SessionView;

    /// Nothing beyond what the request says.
    pub(in crate::components) fn known() -> Option<SessionView> {
        None
    }

    pub(in crate::components) fn keep(_: SessionView) {}
}

/// Makes the browser follow the redirects of server functions. No-op on the server.
pub fn follow_redirects() {}
