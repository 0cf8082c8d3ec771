//! The pages, one file each. They only render on the server, so that they read claims and tokens
//! directly.

#![allow(
    unreachable_pub,
    reason = "the component macro wraps these functions, so rustc does not see their use"
)]

mod home;
mod logto_away;
mod not_found;
mod organizations;
mod profile;
mod resources;
mod session;
mod sign_in_error;
mod streaming;

pub(crate) use self::{
    home::Home, logto_away::LogtoAway, not_found::NotFound, organizations::Organizations, profile::Profile,
    resources::Resources, session::Session, sign_in_error::SignInError, streaming::Streaming,
};
