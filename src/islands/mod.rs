//! The code that runs in the browser. No island has properties, because the wasm would need a JSON
//! parser for them. Islands have children and show HTML from the server.

// The component macro wraps these functions, so that rustc does not see their use.
#![allow(unreachable_pub)]

mod answered_in_place;
mod countdown;

// Unused in the wasm build: hydration finds the islands by name.
#[cfg_attr(not(feature = "ssr"), expect(unused_imports))]
pub(crate) use self::{answered_in_place::AnsweredInPlace, countdown::Countdown};
