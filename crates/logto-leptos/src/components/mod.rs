//! Components: forms that work without JavaScript, and content that depends on the session.

// The macros wrap these functions, so that rustc does not see their re-export.
#![allow(unreachable_pub)]

mod forms;
mod redirect_hook;
mod session;
#[cfg_attr(feature = "ssr", path = "session_signal_ssr.rs")]
mod session_signal;
mod session_watch;
#[cfg(not(feature = "ssr"))]
mod start_sign_in;

pub use forms::{SignIn, SignInProps, SignOut, SignOutProps};
pub use redirect_hook::follow_redirects;
pub use session::{SignedIn, SignedInProps, SignedOut, SignedOutProps, provide_session, session_state};
pub use session_watch::{SessionWatch, SessionWatchProps};

pub(crate) use session::is_hydrated;
#[cfg(not(feature = "ssr"))]
pub(crate) use start_sign_in::start_sign_in;

/// Tracks whether the user is signed in.
#[cfg(not(feature = "ssr"))]
pub(crate) fn track_session() {
    let _ = session_signal::get();
}
