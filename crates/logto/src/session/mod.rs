//! The session of a signed-in user: its tokens, its serialized form, its stores and its refreshes.

mod acting;
mod app_data;
mod authentication;
mod change;
mod codec;
mod data;
mod denial;
mod deny_list;
pub(crate) mod generational_cache;
mod id;
mod lease;
mod lifetimes;
mod next_js;
mod organization_names;
mod proof;
mod refresh;
pub(crate) mod retry;
mod state;
pub mod store;
mod stored;
mod transitions;
mod unseal_cache;

pub use self::{
    acting::ActingAs,
    app_data::{AppData, AppDataError},
    change::{ChangedSession, SessionChange},
    codec::{Encodings, SessionCodecError},
    data::{CachedToken, Session},
    deny_list::{DenyList, LogoutMark},
    id::SessionId,
    lifetimes::Lifetimes,
    next_js::NextJsCookie,
    refresh::{Refreshed, Refresher},
    state::SessionState,
    stored::StoredSessions,
    unseal_cache::UnsealCache,
};
