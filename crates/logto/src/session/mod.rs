//! What is kept of a signed-in user: the tokens, how they are written down, and how they are renewed.

mod codec;
mod data;
mod refresh;
mod state;

pub use self::{
    codec::SessionCodecError,
    data::{CachedToken, Session, SessionId},
    refresh::{Refreshed, Refresher},
    state::SessionState,
};
