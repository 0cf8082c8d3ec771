//! A live quick start for Logto sign-in in a Leptos app: islands mode, server-side rendering on
//! axum. The app uses `logto-leptos` like any other app and has no sign-in logic of its own.

// The type of a view nests as deeply as its elements.
#![recursion_limit = "512"]

#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "ssr")]
mod language;
#[cfg(feature = "ssr")]
mod pages;
mod samples;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod state;

/// Hydrates the islands of the page.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
