//! A request of a browser, and the redirects that it leads to.

use std::{
    future::{Future, IntoFuture},
    pin::Pin,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header},
};
use serde::Serialize;
use tower::ServiceExt as _;
use url::{Position, Url, form_urlencoded};

use super::{
    Browser, Page,
    cause::{Initiator, Kind},
    cookie::SiteContext,
    request_headers,
};

/// Browsers give up after this many redirects (Fetch §4.4).
const MAX_REDIRECTS: usize = 20;

/// A request that a browser is about to send. Awaiting it sends it and returns the [`Page`].
///
/// ```
/// # use axum::Router;
/// # use logto_testing::Browser;
/// # async fn in_a_test(app: Router) {
/// let browser = Browser::of(app);
/// let saved = browser.fetch("/api/orders").json(&["tea"]).await;
/// let page = browser.get("/orders").header("accept-language", "fr").without_redirects().await;
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is sent until the visit is awaited"]
pub struct Visit<'a> {
    browser: &'a Browser,
    kind: Kind,
    method: Method,
    url: Url,
    /// Headers that the test has set; they replace those of the browser.
    headers: HeaderMap,
    body: Bytes,
    /// The page that causes the request; `None` if the user opens the address.
    initiator: Option<Initiator>,
    follows_redirects: bool,
}

impl<'a> Visit<'a> {
    pub(super) fn new(browser: &'a Browser, kind: Kind, url: Url, initiator: Option<Initiator>) -> Self {
        Self {
            browser,
            kind,
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            initiator,
            follows_redirects: true,
        }
    }

    /// Sets the method.
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Sets a header, in place of the browser's own.
    ///
    /// # Panics
    ///
    /// If the name or the value is not valid in a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a valid header name");
        let value = HeaderValue::from_str(value).expect("a valid header value");
        self.headers.insert(name, value);
        self
    }

    /// Sets a form as the body. The method becomes POST, unless it is set.
    pub fn form<'f>(self, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.body("application/x-www-form-urlencoded", form.finish())
    }

    /// Sets JSON as the body. The method becomes POST, unless it is set.
    ///
    /// # Panics
    ///
    /// If `value` cannot be serialized.
    pub fn json(self, value: &(impl Serialize + ?Sized)) -> Self {
        let json = serde_json::to_vec(value).expect("a value that can be serialized as JSON");
        self.body("application/json", json)
    }

    /// Sets the body and its type. The method becomes POST, unless it is set.
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        if self.method == Method::GET {
            self.method = Method::POST;
        }
        self.body = body.into();
        self.header(header::CONTENT_TYPE.as_str(), content_type)
    }

    /// Causes the request by a page of another site, as an attacker's page does.
    ///
    /// # Panics
    ///
    /// If `url` is not an absolute URL.
    pub fn from_page(mut self, url: &str) -> Self {
        let page = super::parse(url);
        self.initiator = Some(Initiator {
            site: page.clone(),
            page: Some(page),
        });
        self
    }

    /// Sets that redirects are not followed: the [`Page`] is then the first response.
    pub fn without_redirects(mut self) -> Self {
        self.follows_redirects = false;
        self
    }

    pub(super) fn query<'f>(mut self, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        self.url.query_pairs_mut().clear().extend_pairs(fields);
        self
    }

    async fn send(mut self) -> Page {
        let mut chain = vec![self.url.clone()];
        loop {
            let url = chain.last().expect("the chain begins with the first URL");
            let site = self.browser.sites.at(url, &self.browser.base_url);
            let site = site.unwrap_or_else(|| panic!("no site of this browser is at {url}"));
            let response = site.oneshot(self.request(&chain)).await;
            let response = response.unwrap_or_else(|error| panic!("the service at {url} failed: {error}"));
            let (parts, body) = response.into_parts();
            self.store_cookies(url, &parts.headers);
            let next = redirect_target(url, parts.status, &parts.headers).filter(|next| self.may_follow(url, next));
            if let Some(next) = next {
                assert!(
                    chain.len() <= MAX_REDIRECTS,
                    "more than {MAX_REDIRECTS} redirects: {chain:?}"
                );
                self.change_method(parts.status);
                chain.push(next);
                continue;
            }
            let body = to_bytes(body, usize::MAX).await;
            let body = body.unwrap_or_else(|error| panic!("the body of {url} failed: {error}"));
            if self.kind == Kind::Navigation {
                self.browser.state().page = Some(url.clone());
            }
            return Page::new(parts.status, parts.headers, &body, chain);
        }
    }

    /// A script cannot read the response of another site, so its redirect is not followed.
    fn may_follow(&self, from: &Url, to: &Url) -> bool {
        let is_reachable = self.browser.sites.at(to, &self.browser.base_url).is_some();
        let may_leave = self.kind == Kind::Navigation || from.origin() == to.origin();
        self.follows_redirects && is_reachable && may_leave
    }

    /// 307 and 308 keep method and body (Fetch §4.4).
    fn change_method(&mut self, status: StatusCode) {
        let becomes_get = match status {
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            StatusCode::SEE_OTHER => self.method != Method::HEAD,
            _ => false,
        };
        if becomes_get {
            self.method = Method::GET;
            self.body = Bytes::new();
            self.headers.remove(header::CONTENT_TYPE);
        }
    }

    fn request(&self, chain: &[Url]) -> Request<Body> {
        let url = chain.last().expect("the chain begins with the first URL");
        let mut headers = request_headers::of(self.kind, &self.method, chain, self.initiator.as_ref());
        let host = HeaderValue::from_str(&url[Position::BeforeHost..Position::AfterPort]);
        headers.insert(header::HOST, host.expect("a host is a valid header"));
        if let Some(cookies) = self.cookies(url) {
            let cookies = HeaderValue::from_str(&cookies).expect("a cookie was a valid header");
            headers.insert(header::COOKIE, cookies);
        }
        if !self.body.is_empty() {
            headers.insert(header::CONTENT_LENGTH, self.body.len().into());
        }
        headers.extend(self.headers.clone());
        let mut request = Request::new(Body::from(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = url[Position::BeforePath..Position::AfterQuery]
            .parse()
            .expect("the path of a URL is a URI");
        *request.headers_mut() = headers;
        request
    }

    fn cookies(&self, url: &Url) -> Option<String> {
        let initiator = self.initiator.as_ref();
        let context = SiteContext {
            is_same_site: initiator.is_none_or(|page| request_headers::is_same_site(&page.site, url)),
            is_safe_navigation: self.kind == Kind::Navigation && self.method.is_safe(),
        };
        self.browser.state().jar.header(url, context, (self.browser.now)())
    }

    fn store_cookies(&self, url: &Url, headers: &HeaderMap) {
        let now = (self.browser.now)();
        let mut state = self.browser.state();
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("a Set-Cookie header is ASCII");
            state.jar.store(cookie, url, now);
        }
    }
}

impl<'a> IntoFuture for Visit<'a> {
    type Output = Page;
    type IntoFuture = Pin<Box<dyn Future<Output = Page> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

fn redirect_target(url: &Url, status: StatusCode, headers: &HeaderMap) -> Option<Url> {
    let location = headers.get(header::LOCATION).filter(|_| status.is_redirection())?;
    let location = location.to_str().expect("a Location header is ASCII");
    let target = url.join(location);
    Some(target.unwrap_or_else(|error| panic!("{location} is not a URL: {error}")))
}
