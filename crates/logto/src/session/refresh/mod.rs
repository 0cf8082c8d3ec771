//! Refreshing the tokens of sessions.
//!
//! [`Refresher`] hands out tokens and coalesces callers. A [`attempt::RefreshAttempt`] runs one
//! refresh; [`decision`] decides its steps; [`session_update`] saves the result. Of several processes
//! with one store, [`turn`] lets one at a time send requests.

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
