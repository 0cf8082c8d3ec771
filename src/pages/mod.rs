//! The pages, one file each. They are drawn on the server only, so they ask for claims and tokens
//! directly.

// The component macro wraps these functions, and the lint then misses who uses them.
#![allow(unreachable_pub)]

mod home;
mod not_found;
mod organizations;
mod profile;
mod resources;
mod session;
mod sign_in_error;
mod streaming;

pub(crate) use self::{
    home::Home, not_found::NotFound, organizations::Organizations, profile::Profile, resources::Resources,
    session::Session, sign_in_error::SignInError, streaming::Streaming,
};
