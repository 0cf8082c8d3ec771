//! What runs in the browser, and the pieces that look the same there and on the server. The wasm build holds nothing else.

// The component and server macros wrap these functions, and the lint then misses who uses them.
#![allow(unreachable_pub)]

pub(crate) mod access_token;
pub(crate) mod expiry;
pub(crate) mod organization_token;
mod outcome;
pub(crate) mod problem;
pub(crate) mod products;
pub(crate) mod time;
pub(crate) mod token_card;
