//! The types that may reach the browser. None of them holds a token.

#[cfg(any(test, not(feature = "ssr")))]
pub(crate) mod read;
mod session;
#[cfg(any(test, not(feature = "ssr")))]
pub(crate) mod sign_in_options;
mod snapshot;
mod texts;
mod token;

pub use logto_requirements::{OrganizationView, UserView};
pub use session::SessionView;
pub use snapshot::{RoutePaths, Snapshot};
pub use texts::ComponentTexts;
pub use token::{TokenClaim, TokenView};
