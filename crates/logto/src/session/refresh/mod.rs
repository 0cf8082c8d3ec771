//! Refreshing the tokens of sessions.
//!
//! [`Refresher`] hands out tokens and coalesces callers. A [`attempt::RefreshAttempt`] runs one
//! refresh; [`decision`] decides its steps; [`session_update`] saves the result. [`turn`]
//! lets one process at a time send requests, if several share a store.

mod attempt;
mod back_off;
mod back_off_cache;
mod context;
mod decision;
mod observed;
mod refreshed;
mod refresher;
mod session_update;
mod state;
mod turn;
mod unfinished;

pub use self::{refreshed::Refreshed, refresher::Refresher};
