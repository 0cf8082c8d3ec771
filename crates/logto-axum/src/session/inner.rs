//! The state of a session that changes during its request.

use std::sync::Arc;

use http::HeaderValue;
use logto::session::Session;

use crate::error::SessionError;

/// The state that changes during the request.
#[derive(Default)]
pub(crate) struct Inner {
    /// `None` until the session is first needed.
    pub(crate) loaded: Option<Loaded>,
    /// Whether the head of the response has been sent, so that cookies can no longer be set.
    pub(crate) head_sent: bool,
    /// Whether the store was unavailable at the last attempt, so that the session is unknown.
    pub(crate) store_failed: bool,
    /// The content security policy of this response, if it has its own.
    pub(crate) policy: Option<HeaderValue>,
    /// Whether the user has signed out, so that the response tells the browser to drop cached
    /// pages.
    pub(crate) signed_out: bool,
    /// Where the response redirects to.
    pub(crate) redirect: Option<HeaderValue>,
    /// The errors with which a server function may fail, one for each code.
    pub(crate) noted_errors: Vec<SessionError>,
    /// The reason why a server function fails. It decides about the status.
    pub(crate) function_failure: Option<FunctionFailure>,
    /// The error for which a page was refused, which decides about its status.
    pub(crate) page_error: Option<SessionError>,
    pub(crate) usage: Usage,
}

/// The reason why a server function fails.
pub(crate) enum FunctionFailure {
    Session(SessionError),
    /// Its caller sent invalid arguments.
    InvalidArguments,
}

/// How the response uses the session.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Usage {
    /// The app has not read the session.
    #[default]
    Unused,
    /// The app has read the session: the response depends on it, even if there is none.
    Used,
    /// The head was sent as `public`: the body may not read the session any more.
    Forbidden,
}

pub(crate) struct Loaded {
    pub(crate) session: Option<Arc<Session>>,
    pub(crate) cookie: CookieState,
}

/// The change of the session cookie that the response needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CookieState {
    /// Keep it: it is up to date, or its key may be known to another process.
    Current,
    /// Write it.
    Outdated,
    /// Write it if a refresh that the page no longer waits for has ended by now.
    Awaited,
    /// Remove it.
    Unwanted,
}
