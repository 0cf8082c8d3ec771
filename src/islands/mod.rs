//! The code that runs in the browser. No island has properties, because the wasm would need a JSON
//! parser for them. Islands have children and show HTML from the server.

#![allow(
    unreachable_pub,
    reason = "the component macro wraps these functions, so rustc does not see their use"
)]

mod answered_in_place;
mod countdown;

// Unused in the wasm build: hydration finds the islands by name.
#[cfg_attr(not(feature = "ssr"), expect(unused_imports))]
pub(crate) use self::{answered_in_place::AnsweredInPlace, countdown::Countdown};
