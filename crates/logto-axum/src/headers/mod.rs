//! The headers that the layer adds to responses.

pub(crate) mod caching;
pub(crate) mod csp;
pub(crate) mod inline_digests;
pub(crate) mod security;
pub(crate) mod static_pages;
