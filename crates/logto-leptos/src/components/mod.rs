//! Components: forms that work without JavaScript, and content that depends on the session.

// The macros wrap these functions, so that rustc does not see their re-export.
#![allow(unreachable_pub)]

mod forms;
mod page_session;
mod provider;
mod redirect_hook;
mod session;

pub use forms::{SignIn, SignInProps, SignOut, SignOutProps};
pub use provider::{LogtoProvider, LogtoProviderProps, SessionWatch, SessionWatchProps};
pub use redirect_hook::follow_redirects;
pub use session::{SignedIn, SignedInProps, SignedOut, SignedOutProps, refetch, use_session, use_user};
