//! The session of a request.
//!
//! This file holds the state of [`AuthSession`], and loads the session at most once per request.
//! Each of the other files adds one group of methods.

pub(crate) mod caller;
pub(crate) mod context;
pub(crate) mod large_claims;
pub(crate) mod load;
pub(crate) mod organizations;
mod paths;
pub(crate) mod redirect;
pub(crate) mod response;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod tokens;
pub(crate) mod touch;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::{HeaderValue, Request};
use logto::{
    VerifiedIdToken,
    session::{Session, SessionId, SessionState, store::StoreError},
};
use tower_cookies::Cookies;

use crate::{
    address::{Address, sites::Site},
    cookie::{CookieJar, header::SentCookies},
    error::AuthError,
    guard::{
        fetch_metadata::{Initiator, initiator_of},
        server_functions::{FunctionPath, ServerFunctions},
    },
    logto::{Logto, Shared},
    session::{caller::Caller, load::SessionLoader},
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
    /// Held while the session is loaded, so that a store is read once.
    loading: futures_util::lock::Mutex<()>,
    inner: Mutex<Inner>,
}

/// The state that changes during the request.
#[derive(Default)]
pub(crate) struct Inner {
    /// `None` until the session is first needed.
    loaded: Option<Loaded>,
    /// Whether the head of the response has been sent, so that cookies can no longer be set.
    pub(crate) head_sent: bool,
    /// Whether the store was unavailable at the last attempt, so that the session is unknown.
    pub(crate) store_failed: bool,
    /// The content security policy of this response, if it has its own.
    policy: Option<HeaderValue>,
    /// Whether the user has signed out, so that the response tells the browser to drop cached
    /// pages.
    pub(crate) signed_out: bool,
    /// Where the response redirects to.
    pub(crate) redirect: Option<HeaderValue>,
    usage: Usage,
}

/// How the response uses the session.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Usage {
    /// The app has not read the session.
    #[default]
    Unused,
    /// The app has read the session: the response depends on it, even if there is none.
    Used,
    /// The head was sent as `public`: the body may not read the session any more.
    Forbidden,
}

pub(crate) struct Loaded {
    pub(crate) session: Option<Arc<Session>>,
    pub(crate) cookie: CookieState,
}

/// The change of the session cookie that the response needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CookieState {
    /// Keep it: it is up to date, or another process may be able to open it.
    Current,
    /// Write it.
    Outdated,
    /// Remove it.
    Unwanted,
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
            loading: futures_util::lock::Mutex::default(),
            inner: Mutex::default(),
        })
    }

    fn of(request: RequestState) -> Self {
        Self {
            request: Arc::new(request),
        }
    }

    /// Returns the state of the session at this moment.
    ///
    /// # Errors
    ///
    /// [`AuthError::Store`] if the session store is unavailable.
    pub async fn state(&self) -> Result<SessionState, AuthError> {
        self.with(|loaded| self.state_of(loaded.session.as_deref())).await
    }

    pub(crate) async fn state_and_session(&self) -> Result<(SessionState, Option<Arc<Session>>), AuthError> {
        let session = self.session().await?;
        Ok((self.state_of(session.as_deref()), session))
    }

    /// Reads the clock after the session was loaded, because loading may take a while.
    fn state_of(&self, session: Option<&Session>) -> SessionState {
        let now = self.logto().client().now();
        session.map_or(SessionState::Anonymous, |session| session.state(now))
    }

    /// Returns the current session, including refreshes by this and other requests.
    ///
    /// # Errors
    ///
    /// The same as [`AuthSession::state`].
    pub async fn session(&self) -> Result<Option<Arc<Session>>, AuthError> {
        self.with(|loaded| loaded.session.clone()).await
    }

    /// Returns the verified ID token of a signed-in user. An expired one is refreshed first; while
    /// the provider is unavailable, the old one is returned.
    ///
    /// # Errors
    ///
    /// The same as [`AuthSession::state`].
    pub async fn id_token(&self) -> Result<Option<VerifiedIdToken>, AuthError> {
        self.renew_stale().await;
        let (state, session) = self.state_and_session().await?;
        let signed_in = session.filter(|_| state.is_authenticated());
        Ok(signed_in.map(|session| session.id_token().clone()))
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

    /// Whether another handle to this session exists. If so, the body may read the session while it
    /// streams, when it is too late for headers.
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

    /// Replaces the session, or removes it.
    pub(crate) fn replace(&self, session: Option<Session>) {
        let cookie = match session {
            Some(_) => CookieState::Outdated,
            None => CookieState::Unwanted,
        };
        let mut inner = self.lock();
        inner.store_failed = false;
        inner.usage = Usage::Used;
        inner.loaded = Some(Loaded {
            session: session.map(Arc::new),
            cookie,
        });
    }

    /// Fails if the head of the response was sent.
    pub(crate) fn check_head(&self) -> Result<(), AuthError> {
        if self.lock().head_sent {
            return Err(AuthError::ResponseStarted);
        }
        Ok(())
    }

    /// Loads the session if no caller has done so, and calls `act` with it.
    pub(crate) async fn with<T>(&self, act: impl FnOnce(&mut Loaded) -> T) -> Result<T, AuthError> {
        let is_loaded = {
            let mut inner = self.lock();
            if inner.usage == Usage::Forbidden {
                return Err(AuthError::ResponsePublic);
            }
            inner.usage = Usage::Used;
            inner.loaded.is_some()
        };
        if !is_loaded {
            let _loading = self.request.loading.lock().await;
            if self.lock().loaded.is_none() {
                self.load().await?;
            }
        }
        let mut inner = self.lock();
        let loaded = inner.loaded.get_or_insert_with(|| Loaded {
            session: None,
            cookie: CookieState::Current,
        });
        Ok(act(loaded))
    }

    async fn load(&self) -> Result<(), StoreError> {
        let found = self.loader().load().await;
        let mut inner = self.lock();
        let is_sealed_elsewhere = matches!(found, Err(StoreError::UnknownKey));
        let found = if is_sealed_elsewhere { Ok(None) } else { found };
        inner.store_failed = found.is_err();
        let found = found?;
        let cookie = match &found {
            Some(found) if found.cookie_is_outdated => CookieState::Outdated,
            None if self.has_cookie() && !is_sealed_elsewhere => CookieState::Unwanted,
            _ => CookieState::Current,
        };
        inner.loaded = Some(Loaded {
            session: found.map(|found| found.session),
            cookie,
        });
        Ok(())
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
