//! Components: forms that work without JavaScript, and what is shown by the state of the session.

// The component and server macros wrap these functions, and the lint then misses that they are
// re-exported.
#![allow(unreachable_pub)]

mod forms;
#[cfg_attr(feature = "ssr", path = "known_on_server.rs")]
mod known;
mod redirects;
mod session;
mod watch;

pub use forms::{SignIn, SignOut};
pub use redirects::follow_redirects;
pub use session::{SignedIn, SignedOut, provide_session, session_state};
pub use watch::SessionWatch;
