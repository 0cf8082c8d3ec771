//! The requests that a test makes with a browser.

use axum::http::Method;
use url::Url;

use super::{
    Browser, Form, Visit,
    cause::{Initiator, Kind},
};

impl Browser {
    /// Opens an address, as if the user typed it.
    pub fn get(&self, path: &str) -> Visit<'_> {
        Visit::new(self, Kind::Navigation, self.resolve(path), None)
    }

    /// Follows a link of the current page.
    pub fn click(&self, path: &str) -> Visit<'_> {
        Visit::new(self, Kind::Navigation, self.resolve(path), Some(self.initiator()))
    }

    /// Submits a form of the current page: POST with `application/x-www-form-urlencoded`.
    pub fn post_form<'f>(&self, path: &str, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> Visit<'_> {
        self.click(path).method(Method::POST).form(fields)
    }

    /// Submits a form that [`Page::form`](crate::Page::form) has found.
    pub fn submit(&self, form: &Form) -> Visit<'_> {
        let visit = self.click(form.action().as_str());
        if *form.method() == Method::POST {
            visit.method(Method::POST).form(form.fields())
        } else {
            visit.query(form.fields())
        }
    }

    /// Requests a path with `fetch` in a script of the current page: a call of a server function,
    /// for example. GET, unless the [`Visit`] gets a body or another method.
    pub fn fetch(&self, path: &str) -> Visit<'_> {
        Visit::new(self, Kind::Fetch, self.resolve(path), Some(self.initiator()))
    }

    /// Prefetches a page that the user may open, as the speculation rules of a page do.
    pub fn prefetch(&self, path: &str) -> Visit<'_> {
        Visit::new(self, Kind::Prefetch, self.resolve(path), Some(self.initiator()))
    }

    /// The current page, or the base URL if none was opened.
    fn initiator(&self) -> Initiator {
        let page = self.state().page.clone();
        Initiator {
            site: page.clone().unwrap_or_else(|| self.base_url.clone()),
            page,
        }
    }

    /// The URL of a path, which may be absolute or relative to the current page.
    fn resolve(&self, path: &str) -> Url {
        let base = self.state().page.clone().unwrap_or_else(|| self.base_url.clone());
        // A path alone is one of the app, even if the current page is the provider's.
        let base = if path.starts_with('/') { &self.base_url } else { &base };
        base.join(path)
            .unwrap_or_else(|error| panic!("{path} is not the path of a URL: {error}"))
    }
}
