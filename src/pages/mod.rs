//! The pages, one file each. They only render on the server, so that they read claims and tokens
//! directly.

#![allow(
    unreachable_pub,
    reason = "the component macro wraps these functions, so rustc does not see their use"
)]

mod account;
mod act_as;
mod invitation;
mod logto_away;
mod not_found;
mod organizations;
mod overview;
mod profile;
mod protect;
mod resources;
mod sessions;
mod set_up;
mod sign_in;
mod sign_in_error;
mod streaming;
#[cfg(test)]
mod test_app;

pub(crate) use self::{
    account::Account,
    act_as::ActAsUser,
    invitation::Invited,
    logto_away::LogtoAway,
    not_found::NotFound,
    organizations::{ManageOrganizations, Organizations},
    overview::Overview,
    profile::Profile,
    protect::{ApiDemandPage, ManagerPage, MemberPage, ProtectPages, RecentSignInPage, SecondFactorPage},
    resources::Resources,
    sessions::Sessions,
    set_up::SetUp,
    sign_in::SignIn,
    sign_in_error::SignInError,
    streaming::Streaming,
};
