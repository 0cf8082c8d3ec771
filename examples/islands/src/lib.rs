//! Logto sign-in in a Leptos app in islands mode: the server draws the pages, and the browser runs
//! the islands on them.

#[cfg(feature = "ssr")]
mod app;
mod islands;

#[cfg(feature = "ssr")]
pub use app::{App, shell};

/// Starts the islands of a page that came from the server.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    logto_leptos::follow_redirects();
    leptos::mount::hydrate_islands();
}
