//! What runs in the browser, all of it. No island has properties: the wasm would need a JSON parser
//! for them. They have children, and what they show comes from the server as HTML.

// The component macro wraps these functions, and the lint then misses who uses them.
#![allow(unreachable_pub)]

mod answered_in_place;
mod countdown;

// The wasm build holds them for the pages that the server draws.
#[cfg_attr(not(feature = "ssr"), expect(unused_imports))]
pub(crate) use self::{answered_in_place::AnsweredInPlace, countdown::Countdown};
