//! The types that may reach the browser. None of them holds a token.

mod session;
mod snapshot;
mod token;
mod user;

pub use session::SessionView;
pub use snapshot::{RoutePaths, Snapshot};
pub use token::TokenView;
pub use user::{OrganizationView, UserView};
