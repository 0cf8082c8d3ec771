//! The snapshot that the components of a page share.
//!
//! On the server it is made once for each request. In the browser it comes from the page, and then
//! from the server function.

#[cfg_attr(feature = "ssr", path = "server.rs")]
#[cfg_attr(not(feature = "ssr"), path = "browser.rs")]
mod imp;

#[cfg(not(feature = "ssr"))]
pub(crate) use imp::page_texts;
pub(crate) use imp::{is_hydrated, signal};
#[cfg(not(feature = "ssr"))]
pub(super) use imp::{is_signed_out, refresh};
pub(super) use imp::{paths, refetch, start, texts, with_notice};
