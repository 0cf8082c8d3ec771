//! The code that the pages show. Each file is complete with its imports, and runs in this app: pages
//! render its components and show its text.
//!
//! The files contain no text of a page: labels come as children, and names of claims, scopes and
//! fields are shown as they are. Their tests are in `tests`.

#![allow(
    unreachable_pub,
    reason = "the files are written as in an app, and the macros hide the use of their items"
)]
#![allow(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#![cfg_attr(
    not(feature = "ssr"),
    allow(dead_code, reason = "only islands and what they call run in the browser")
)]

pub(crate) mod access_token_action;
pub(crate) mod access_token_on_page;
pub(crate) mod account_error;
pub(crate) mod account_form;
pub(crate) mod account_links;
pub(crate) mod account_profile;
pub(crate) mod account_session_list;
pub(crate) mod account_sessions;
pub(crate) mod act_as;
pub(crate) mod act_as_error;
pub(crate) mod act_as_list;
pub(crate) mod acting_api;
pub(crate) mod acting_banner;
pub(crate) mod active_organization;
#[cfg(feature = "ssr")]
pub(crate) mod api;
pub(crate) mod api_error;
pub(crate) mod authentication;
#[cfg(feature = "ssr")]
pub(crate) mod call_api;
pub(crate) mod claims;
#[cfg(feature = "ssr")]
#[allow(dead_code, reason = "shown alone: the app reads its settings from a file too")]
pub(crate) mod configs;
pub(crate) mod error_note;
pub(crate) mod errors;
pub(crate) mod expiry;
pub(crate) mod invitation;
#[cfg(feature = "ssr")]
pub(crate) mod invitation_page;
#[cfg(feature = "ssr")]
pub(crate) mod management;
pub(crate) mod organization_admins;
#[cfg(feature = "ssr")]
pub(crate) mod organization_api;
#[cfg(feature = "ssr")]
pub(crate) mod organization_check;
pub(crate) mod organization_create;
pub(crate) mod organization_delete;
pub(crate) mod organization_error;
pub(crate) mod organization_invite;
pub(crate) mod organization_leave;
pub(crate) mod organization_member_list;
pub(crate) mod organization_members;
pub(crate) mod organization_team;
pub(crate) mod organization_team_page;
pub(crate) mod organization_token;
#[cfg(feature = "ssr")]
#[cfg_attr(
    not(test),
    allow(dead_code, reason = "shown alone: the settings of the app choose its store")
)]
pub(crate) mod own_store;
pub(crate) mod products;
#[cfg(feature = "ssr")]
pub(crate) mod protected_api;
pub(crate) mod recent_page;
pub(crate) mod resource_in_organization;
#[cfg(feature = "ssr")]
#[allow(dead_code, reason = "shown alone: the settings of the app name its resources")]
pub(crate) mod resources;
pub(crate) mod role_page;
#[cfg(feature = "ssr")]
pub(crate) mod sales_api;
pub(crate) mod sales_page;
#[cfg(feature = "ssr")]
#[allow(dead_code, reason = "the settings of the app add its permissions to the scopes")]
pub(crate) mod scopes;
pub(crate) mod second_factor_page;
pub(crate) mod session_facts;
pub(crate) mod session_state;
#[cfg(feature = "ssr")]
#[allow(dead_code, reason = "shown alone: the settings of the app choose its store")]
pub(crate) mod session_store;
pub(crate) mod session_times;
pub(crate) mod sign_in_options;
pub(crate) mod sign_in_out;
pub(crate) mod sign_out_options;
pub(crate) mod signed_in_page;
pub(crate) mod streaming;
#[cfg(test)]
mod tests;
pub(crate) mod token_card;
pub(crate) mod user_info;
