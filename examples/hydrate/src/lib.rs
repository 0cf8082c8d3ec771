//! Logto sign-in in a Leptos app with full hydration: the pages are drawn by the server, and then
//! by the browser.

mod app;
mod session;

pub use app::{App, shell};

/// Takes over the page that came from the server.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
