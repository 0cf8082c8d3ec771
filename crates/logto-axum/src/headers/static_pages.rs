//! Pages that Leptos renders once for all users (`SsrMode::Static`) and then sends as files.
//!
//! Every response of such a page would have the same nonce. So the policy has none, and allows the
//! inline scripts and styles that carry the nonce of the page by their hashes (CSP Level 3 §2.3.1).
//! The nonce was not known when the page's content was written, so an injected script carries a
//! different nonce, or none, and is blocked.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    body::{Body, to_bytes},
    extract::MatchedPath,
};
use http::{Method, Request, Response, StatusCode, header};

use crate::{address::Address, headers::inline_digests::digests, headers::security::is_page};

/// Maximum number of pages whose digests are cached.
const MAX_PAGES: usize = 1_000;

/// The routes of static pages, in axum's notation (`/posts/{slug}`), and the digests of their
/// pages.
#[derive(Debug, Default)]
pub(crate) struct StaticPages {
    routes: HashSet<Arc<str>>,
    cache: Mutex<Cache>,
    /// Has random keys, so that an attacker cannot make two pages collide.
    hasher: RandomState,
}

#[derive(Debug, Default)]
struct Cache {
    /// By the length and the hash of the page.
    digests: HashMap<(usize, u64), Arc<[String]>>,
    /// Routes whose pages had no nonce, and were reported.
    without_nonce: HashSet<Arc<str>>,
}

impl StaticPages {
    pub(crate) fn new(routes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            routes: routes.into_iter().map(|route| Arc::from(route.into())).collect(),
            ..Self::default()
        }
    }

    /// The route of a static page, if the request is for one.
    pub(crate) fn route_of(&self, address: &Address, request: &Request<Body>) -> Option<Arc<str>> {
        if self.routes.is_empty() || request.method() != Method::GET {
            return None;
        }
        let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        let route = route.unwrap_or_else(|| request.uri().path());
        let found = self.routes.get(route);
        found.or_else(|| self.routes.get(address.within(route))).cloned()
    }

    /// Returns the response, and the digests of the inline scripts and styles of its page.
    pub(crate) async fn with_digests(
        &self,
        route: &Arc<str>,
        response: Response<Body>,
    ) -> (Response<Body>, Arc<[String]>) {
        let headers = response.headers();
        // Error pages are included: a missing page is rendered for each request.
        let has_page = response.status() != StatusCode::PARTIAL_CONTENT && is_page(headers);
        if !has_page || headers.contains_key(header::CONTENT_ENCODING) {
            return (response, Arc::default());
        }
        let (parts, body) = response.into_parts();
        // The app has written the file itself, so its length needs no limit.
        let Ok(page) = to_bytes(body, usize::MAX).await else {
            tracing::error!(
                code = "static_page_unreadable",
                "the file of a static page could not be read"
            );
            let mut failed = Response::new(Body::empty());
            *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return (failed, Arc::default());
        };
        let digests = self.digests_of(route, &page);
        (Response::from_parts(parts, Body::from(page)), digests)
    }

    fn digests_of(&self, route: &Arc<str>, page: &[u8]) -> Arc<[String]> {
        let key = (page.len(), self.hasher.hash_one(page));
        if let Some(digests) = self.cache().digests.get(&key) {
            return Arc::clone(digests);
        }
        let found = std::str::from_utf8(page).ok().and_then(digests);
        let has_nonce = found.is_some();
        let digests = Arc::from(found.unwrap_or_default());
        let mut cache = self.cache();
        if cache.digests.len() >= MAX_PAGES {
            cache.digests.clear();
        }
        cache.digests.insert(key, Arc::clone(&digests));
        if !has_nonce && cache.without_nonce.insert(Arc::clone(route)) {
            tracing::warn!(
                code = "static_page_without_nonce",
                %route,
                "a static page does not end as Leptos ends one: its inline scripts are blocked"
            );
        }
        digests
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use super::*;

    const PAGE: &[u8] = br#"<html></html><script nonce="N">start()</script>"#;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(text)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn route(path: &str) -> Arc<str> {
        Arc::from(path)
    }

    #[test]
    fn the_digests_of_a_page_are_computed_once() {
        let pages = StaticPages::new(["/posts"]);
        let first = pages.digests_of(&route("/posts"), PAGE);
        assert_eq!(first.len(), 1);
        assert!(Arc::ptr_eq(&first, &pages.digests_of(&route("/posts"), PAGE)));
        let other = [b"<p></p>", PAGE].concat();
        assert!(!Arc::ptr_eq(&first, &pages.digests_of(&route("/posts"), &other)));
    }

    #[test]
    fn the_number_of_cached_pages_is_limited() {
        let pages = StaticPages::new(["/posts"]);
        for number in 0..=2 * MAX_PAGES {
            pages.digests_of(&route("/posts"), number.to_string().as_bytes());
            assert!(pages.cache().digests.len() <= MAX_PAGES);
        }
    }

    #[test]
    fn a_page_without_a_nonce_is_reported_once_for_each_route() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        let pages = StaticPages::new(["/a", "/b"]);
        tracing::subscriber::with_default(subscriber, || {
            for page in ["<p>1</p>", "<p>2</p>", "<p>2</p>"] {
                for path in ["/a", "/b"] {
                    assert!(
                        pages
                            .digests_of(&route(path), format!("{path}{page}").as_bytes())
                            .is_empty()
                    );
                }
            }
        });
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert_eq!(log.matches("static_page_without_nonce").count(), 2, "{log}");
    }
}
