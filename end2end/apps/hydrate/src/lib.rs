//! Logto sign-in in a Leptos app with full hydration: the server renders the first page, and the
//! browser renders the following ones.

mod app;
mod guarded;
mod plan;
mod session;
mod user;

pub use app::{App, shell};

/// Hydrates the page.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
