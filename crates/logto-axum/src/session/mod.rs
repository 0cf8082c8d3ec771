//! The session of a request.
//!
//! This file holds the fields of [`AuthSession`]. Each of the other files adds one group of
//! methods.

mod account;
mod acting;
mod active_organization;
mod app_data;
pub(crate) mod caller;
pub(crate) mod context;
mod failure;
mod inner;
pub(crate) mod large_claims;
pub(crate) mod load;
mod organization_names;
pub(crate) mod organizations;
mod paths;
mod read;
pub(crate) mod redirect;
mod refetch;
pub(crate) mod refetch_limit;
pub(crate) mod response;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
mod silent_sign_in;
mod texts;
pub(crate) mod tokens;
mod user;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use http::{HeaderValue, Request, header};
use logto::session::{Session, SessionId};
use tower_cookies::Cookies;

use crate::{
    address::{Address, sites::Site},
    cookie::{CookieJar, header::SentCookies},
    guard::{
        fetch_metadata::{Initiator, initiator_of},
        server_functions::{FunctionPath, ServerFunctions},
    },
    logto::{Logto, Shared},
    session::{caller::Caller, inner::Inner, load::SessionLoader},
};

/// The session of one request. Clones share it.
///
/// Handlers get it as an extractor, or from the request's extensions, where
/// [`LogtoLayer`](crate::LogtoLayer) puts it.
#[derive(Clone)]
pub struct AuthSession {
    /// One `Arc` for everything, because rendering clones the session many times.
    request: Arc<RequestState>,
}

struct RequestState {
    logto: Logto,
    /// The address that the request came to, and its cookies.
    site: Arc<Site>,
    /// The jar that collects the cookies of the response.
    cookies: Cookies,
    /// Whether cookies of the response reach the browser.
    may_set_cookies: bool,
    sent: SentCookies,
    initiator: Initiator,
    /// The page that a sign-in returns to.
    caller: Caller,
    accept_language: Option<HeaderValue>,
    /// The position of the visitor's language, once it was chosen.
    language: OnceLock<Option<usize>>,
    /// Held while the session is loaded, so that a store is read once.
    loading: futures_util::lock::Mutex<()>,
    inner: Mutex<Inner>,
}

impl AuthSession {
    pub(crate) fn new<B>(
        logto: Logto,
        site: Arc<Site>,
        sent: SentCookies,
        cookies: Cookies,
        functions: Option<&ServerFunctions>,
        request: &Request<B>,
    ) -> Self {
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        let path = FunctionPath::new(&site.address, uri.path());
        let calls_function = functions.is_some_and(|functions| functions.are_called(method, path));
        Self::of(RequestState {
            may_set_cookies: true,
            sent,
            logto,
            site,
            cookies,
            initiator: initiator_of(method, headers),
            caller: Caller::of(method, uri, headers, calls_function),
            accept_language: headers.get(header::ACCEPT_LANGUAGE).cloned(),
            language: OnceLock::new(),
            loading: futures_util::lock::Mutex::default(),
            inner: Mutex::default(),
        })
    }

    /// The session of the same request as if it had sent no cookies. Cookies that are set on it do
    /// not reach the browser.
    pub(crate) fn without_cookies(&self) -> Self {
        Self::of(RequestState {
            may_set_cookies: false,
            sent: SentCookies::default(),
            logto: self.request.logto.clone(),
            site: Arc::clone(&self.request.site),
            cookies: Cookies::default(),
            initiator: self.request.initiator,
            caller: self.request.caller.clone(),
            accept_language: self.request.accept_language.clone(),
            language: OnceLock::new(),
            loading: futures_util::lock::Mutex::default(),
            inner: Mutex::default(),
        })
    }

    fn of(request: RequestState) -> Self {
        Self {
            request: Arc::new(request),
        }
    }

    /// Returns the [`Logto`] that the session belongs to.
    #[must_use]
    pub fn logto(&self) -> &Logto {
        &self.request.logto
    }

    pub(crate) fn loader(&self) -> SessionLoader<'_> {
        SessionLoader {
            logto: &self.request.logto,
            jar: self.jar(),
            sent: &self.request.sent,
        }
    }

    /// The address that the request came to.
    pub(crate) fn address(&self) -> &Address {
        &self.request.site.address
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.request.logto.shared
    }

    pub(crate) fn jar(&self) -> &CookieJar {
        &self.request.site.cookies
    }

    pub(crate) fn cookies(&self) -> &Cookies {
        &self.request.cookies
    }

    pub(crate) fn sent_cookies(&self) -> &SentCookies {
        &self.request.sent
    }

    /// Whether the request carries a session cookie, whether it opens or not.
    pub(crate) fn has_cookie(&self) -> bool {
        self.request.sent.has_session()
    }

    /// Whether another handle to this session exists: only then can the body read the session while
    /// it streams.
    ///
    /// The reference count decides this, because a flag that such a read sets would come too late
    /// for the headers.
    pub(crate) fn has_other_handles(&self) -> bool {
        Arc::strong_count(&self.request) > 1
    }

    /// The ids of all sessions that came with the request, that of `current` first. The id of a
    /// stored session is known even if the session itself is sealed with an unknown key.
    pub(crate) async fn sent_ids(&self, current: Option<&Session>) -> Vec<SessionId> {
        let mut ids: Vec<_> = current.map(Session::id).into_iter().collect();
        for id in self.loader().ids().await {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.request.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for AuthSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthSession").finish_non_exhaustive()
    }
}
