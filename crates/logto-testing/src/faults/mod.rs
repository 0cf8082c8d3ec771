//! Faults: wrong answers of the provider, switched on and off while it runs.

mod callback;
mod discovery;
mod fault;
mod http;
mod id_token;
mod jwks;
mod switches;
mod token;
mod tweak;
mod user_info;

pub(crate) use self::{
    callback::Callback,
    http::{Disconnect, FOLLOWED, respond},
    id_token::Signer,
    switches::FaultSwitches,
};
pub use self::{
    callback::{CallbackFault, HOSTILE_TEXT},
    discovery::DiscoveryFault,
    fault::Fault,
    http::HttpFault,
    id_token::IdTokenFault,
    jwks::JwksFault,
    token::TokenFault,
    tweak::Tweak,
    user_info::UserInfoFault,
};
