//! What is kept of a signed-in user: the tokens, how they are written down, where, and how they are
//! renewed.

pub(crate) mod catch_up;
mod change;
mod clear;
mod codec;
mod data;
mod denial;
mod deny_list;
mod id;
mod lately;
mod lifetimes;
mod next_js;
mod notes;
mod owed;
mod paused_sessions;
mod pauses;
mod recent;
mod refresh;
mod state;
pub mod store;
mod turn;
mod unseal_cache;
mod uses;

pub use self::{
    codec::SessionCodecError,
    data::{CachedToken, Session},
    deny_list::DenyList,
    id::SessionId,
    lifetimes::Lifetimes,
    next_js::NextJsCookie,
    notes::LogoutMark,
    refresh::{Refreshed, Refresher},
    state::SessionState,
    store::{SessionStore, StoredSessions},
    unseal_cache::UnsealCache,
};
