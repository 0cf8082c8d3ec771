//! Functions for server functions, resources and server components.

mod account;
mod context;
mod functions;
mod session;
mod sign_in_out;
mod tokens;

pub(crate) use self::session::{log_unknown_session, session_of_request};
pub use self::{
    account::account,
    context::logto_context,
    functions::server_functions,
    session::auth_session,
    sign_in_out::{sign_in, sign_out},
    tokens::{
        access_token, access_token_ssr, clear_access_token, clear_all_tokens, organization_token,
        organization_token_ssr, organization_tokens,
    },
};
