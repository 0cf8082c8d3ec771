//! Components: forms that work without JavaScript, and what is shown by the state of the session.

// The component and server macros wrap these functions, and the lint then misses that they are re-exported.
#![allow(unreachable_pub)]

mod forms;
#[cfg(not(feature = "ssr"))]
mod known;
#[cfg(feature = "ssr")]
mod on_server;
#[cfg(not(feature = "ssr"))]
mod redirects;
mod session;
mod watch;

#[cfg(feature = "ssr")]
use on_server::known;

pub use forms::{SignIn, SignOut};
#[cfg(feature = "ssr")]
pub use on_server::follow_redirects;
#[cfg(not(feature = "ssr"))]
pub use redirects::follow_redirects;
pub use session::{SignedIn, SignedOut, provide_session, session_state};
pub use watch::SessionWatch;
