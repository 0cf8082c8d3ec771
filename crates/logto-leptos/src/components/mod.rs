//! Components: forms that work without JavaScript, and content that depends on the session.

#![allow(
    unreachable_pub,
    reason = "the macros wrap these functions, so rustc does not see their re-export"
)]

mod forms;
mod organization_switcher;
mod page_session;
mod provider;
mod redirect_hook;
mod return_to;
mod session;
#[cfg(not(feature = "ssr"))]
mod start_sign_in;
mod user_button;

pub use forms::{SignIn, SignInProps, SignOut, SignOutProps};
pub use organization_switcher::{OrganizationSwitcher, OrganizationSwitcherProps};
pub use provider::{LogtoProvider, LogtoProviderProps, SessionWatch, SessionWatchProps};
pub use redirect_hook::follow_redirects;
pub use session::{SignedIn, SignedInProps, SignedOut, SignedOutProps, refetch, use_session, use_user};
pub use user_button::{UserButton, UserButtonProps};

pub(crate) use page_session::is_hydrated;
#[cfg(not(feature = "ssr"))]
pub(crate) use page_session::{page_texts, signal as page_snapshot};
#[cfg(not(feature = "ssr"))]
pub(crate) use start_sign_in::start_sign_in;
