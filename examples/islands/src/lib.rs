//! Logto sign-in in a Leptos app in islands mode: the server renders the pages, and the browser
//! hydrates their islands.

#[cfg(feature = "ssr")]
mod app;
mod islands;
mod menu;

#[cfg(feature = "ssr")]
pub use app::{App, shell};

/// Hydrates the islands of the page.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    logto_leptos::follow_redirects();
    leptos::mount::hydrate_islands();
}
