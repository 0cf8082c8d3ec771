//! The pages, one file each. They only render on the server, so that they read claims and tokens
//! directly.

#![allow(
    unreachable_pub,
    reason = "the component macro wraps these functions, so rustc does not see their use"
)]

mod home;
mod not_found;
mod organizations;
mod profile;
mod protect;
mod resources;
mod sessions;
mod sign_in_error;
mod streaming;

pub(crate) use self::{
    home::Home,
    not_found::NotFound,
    organizations::Organizations,
    profile::Profile,
    protect::{ManagerPage, MemberPage, ProtectPages},
    resources::Resources,
    sessions::Sessions,
    sign_in_error::SignInError,
    streaming::Streaming,
};
