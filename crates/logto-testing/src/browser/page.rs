//! A response that a browser has read.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
};
use serde::de::DeserializeOwned;
use url::{Position, Url};

use super::{Form, html};

/// A response, after the redirects that led to it. Its methods do not panic unless they say so.
#[derive(Clone, Debug)]
pub struct Page {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
    /// The first URL and those it was redirected to.
    chain: Vec<Url>,
}

impl Page {
    pub(super) fn new(status: StatusCode, headers: HeaderMap, body: &Bytes, chain: Vec<Url>) -> Self {
        let body = String::from_utf8_lossy(body).into_owned();
        Self {
            status,
            headers,
            body,
            chain,
        }
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The first value of a header, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The target of a redirect that the browser did not follow, as the app has sent it.
    pub fn location(&self) -> Option<&str> {
        self.header(header::LOCATION.as_str())
    }

    /// The URL of the response.
    pub fn url(&self) -> &str {
        self.current().as_str()
    }

    /// The path and query of the response's URL.
    pub fn path(&self) -> &str {
        &self.current()[Position::BeforePath..Position::AfterQuery]
    }

    /// The URLs that redirected the browser, in order. Empty without redirects.
    pub fn redirects(&self) -> impl Iterator<Item = &str> {
        self.chain[..self.chain.len() - 1].iter().map(Url::as_str)
    }

    /// The body as it was sent; bytes that are not UTF-8 are replaced.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The visible text of an HTML page, in one line: without tags, scripts and styles. It includes
    /// streamed content that a script would move into place.
    pub fn text(&self) -> String {
        html::text(&self.body)
    }

    /// The body as JSON.
    ///
    /// # Panics
    ///
    /// If it is not JSON of this type.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{} is not the expected JSON: {error}: {}", self.url(), self.body))
    }

    /// The forms of an HTML page.
    pub fn forms(&self) -> Vec<Form> {
        html::forms(&self.body, self.current())
    }

    /// The first form that is submitted to the path `action`.
    ///
    /// # Panics
    ///
    /// If the page has no such form.
    pub fn form(&self, action: &str) -> Form {
        let forms = self.forms();
        let found = forms.iter().find(|form| form.action().path() == action);
        found.cloned().unwrap_or_else(|| {
            let actions: Vec<_> = forms.iter().map(|form| form.action().as_str()).collect();
            panic!(
                "{} has no form with the action {action}, but these: {actions:?}",
                self.url()
            )
        })
    }

    fn current(&self) -> &Url {
        self.chain.last().expect("the chain begins with the first URL")
    }
}
