//! The cause of a request.

use url::Url;

/// The reason why a browser sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Navigation,
    Fetch,
    Prefetch,
}

/// The page that causes a request.
#[derive(Clone, Debug)]
pub(super) struct Initiator {
    /// A URL of the page's site.
    pub(super) site: Url,
    /// The page itself, if it is known.
    pub(super) page: Option<Url>,
}
