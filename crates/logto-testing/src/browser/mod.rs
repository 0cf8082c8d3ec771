//! A browser for tests of an app's own router: cookies, redirects, forms and fetch metadata,
//! without a network.

mod cause;
pub(crate) mod cookie;
mod form;
mod html;
mod jar;
mod page;
mod request_headers;
mod sites;
mod storage_state;
mod visit;
mod visits;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard},
};

use url::Url;

pub use self::{cookie::BrowserCookie, form::Form, page::Page, sites::WebService, visit::Visit};
use self::{jar::CookieJar, sites::Sites};
use crate::{
    provider::TestClock,
    session_mint::{NewSession, SessionMint},
    test_provider::TestProvider,
};

/// The address of an app unless [`Browser::at`] sets another.
const DEFAULT_BASE_URL: &str = "http://localhost:3000/";

/// A browser without JavaScript whose requests go to a tower service, such as an axum `Router`,
/// instead of a network.
///
/// It stores cookies, follows redirects, submits forms, and sends `Origin`, `Referer` and
/// `Sec-Fetch-*` as browsers do. A redirect to a site that it does not reach is not followed: the
/// [`Page`] is then the redirect itself. Clones share cookies and the current page.
///
/// ```
/// use axum::{Router, routing::get};
/// use logto_testing::Browser;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let app = Router::new().route("/", get(|| async { "Hello" }));
/// let page = Browser::of(app).get("/").await;
/// assert_eq!((page.status().as_u16(), page.body()), (200, "Hello"));
/// # }
/// ```
///
/// # Signed-in users
///
/// [`signed_in_as`](Self::signed_in_as) begins a session without a provider and without a network.
/// [`with_provider`](Self::with_provider) adds a [`TestProvider`], so that the app's own sign-in
/// leads there and back.
///
/// # Cookies
///
/// Cookies are stored and returned by the rules of RFC 6265, with the prefixes, `SameSite` and the
/// size limit that RFC 6265bis adds: as in a browser, a cookie above 4096 bytes is dropped. There
/// is no public suffix list. A cookie without `SameSite` counts as `Lax`. Cookies expire by the
/// clock of [`with_clock`](Self::with_clock) or, after [`signed_in_as`](Self::signed_in_as), by the
/// app's clock.
#[derive(Clone)]
pub struct Browser {
    sites: Sites,
    base_url: Url,
    /// Seconds since the Unix epoch.
    now: Arc<dyn Fn() -> u64 + Send + Sync>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    jar: CookieJar,
    /// The page that the last navigation ended at.
    page: Option<Url>,
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser")
            .field("base_url", &self.base_url.as_str())
            .field("page", &self.state().page.as_ref().map(Url::as_str))
            .finish_non_exhaustive()
    }
}

impl Browser {
    /// Creates a browser without cookies for the app behind `service`, at `http://localhost:3000`.
    pub fn of(service: impl WebService) -> Self {
        let clock = TestClock::default();
        Self {
            sites: Sites::of(service),
            base_url: Url::parse(DEFAULT_BASE_URL).expect("the default is a URL"),
            now: Arc::new(move || clock.now()),
            state: Arc::default(),
        }
    }

    /// Sets the base URL of the app: the scheme, host and port that its users type.
    ///
    /// # Panics
    ///
    /// If `base_url` is not an absolute URL.
    #[must_use]
    pub fn at(mut self, base_url: &str) -> Self {
        self.base_url = parse(base_url);
        self
    }

    /// Sets the clock that cookies expire by. By default it stands still at the time when the
    /// browser was created.
    #[must_use]
    pub fn with_clock(mut self, clock: TestClock) -> Self {
        self.now = Arc::new(move || clock.now());
        self
    }

    /// Adds a provider, so that the browser follows redirects to it.
    ///
    /// A provider without pages signs its current user in at once, see
    /// [`TestProvider::sign_in_as`].
    ///
    /// ```
    /// # use axum::Router;
    /// # use logto_testing::{Browser, TestProvider};
    /// # async fn in_a_test(app: Router, provider: TestProvider) {
    /// let browser = Browser::of(app).with_provider(&provider);
    /// provider.sign_in_as("ada");
    /// let page = browser.post_form("/sign-in", [("return_to", "/orders")]).await;
    /// assert_eq!(page.path(), "/orders");
    /// # }
    /// ```
    #[must_use]
    pub fn with_provider(self, provider: &TestProvider) -> Self {
        self.with_site(provider.public_endpoint(), provider.router())
    }

    /// Adds another site, so that the browser follows links and redirects to it.
    ///
    /// # Panics
    ///
    /// If `base_url` is not an absolute URL.
    #[must_use]
    pub fn with_site(mut self, base_url: &str, service: impl WebService) -> Self {
        self.sites.add(&parse(base_url), service);
        self
    }

    /// Begins a session of a [`User`](crate::User) or a [`NewSession`], without a provider and
    /// without a network. `app` is the `Logto` of the app; it implements [`SessionMint`] with the
    /// feature `testing` of `logto-axum` or `logto-leptos`.
    ///
    /// The browser is then at the base URL of `app`, and cookies expire by its clock.
    ///
    /// # Panics
    ///
    /// If the app refuses the sign-in.
    pub async fn signed_in_as<M>(mut self, app: &M, session: impl Into<NewSession>) -> Self
    where
        M: SessionMint + Clone + 'static,
    {
        self.base_url = parse(&app.base_url());
        let clock = app.clone();
        self.now = Arc::new(move || clock.now());
        let cookies = app.mint_session(session.into()).await;
        self.state().jar.extend(cookies);
        self
    }

    /// The cookies that have not expired.
    pub fn cookies(&self) -> Vec<BrowserCookie> {
        self.state().jar.unexpired((self.now)()).cloned().collect()
    }

    /// The cookie with this name, if it has not expired.
    pub fn cookie(&self, name: &str) -> Option<BrowserCookie> {
        self.cookies().into_iter().find(|cookie| cookie.name() == name)
    }

    /// Adds cookies, of another browser for example.
    pub fn add_cookies(&self, cookies: impl IntoIterator<Item = BrowserCookie>) {
        self.state().jar.extend(cookies);
    }

    /// Deletes all cookies.
    pub fn clear_cookies(&self) {
        self.state().jar = CookieJar::default();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no request panics while it holds the state")
    }
}

fn parse(base_url: &str) -> Url {
    Url::parse(base_url).unwrap_or_else(|error| panic!("{base_url} is not an absolute URL: {error}"))
}
