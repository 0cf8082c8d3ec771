//! What a request can ask of its session, and do to it.

pub(crate) mod caller;
pub(crate) mod context;
pub(crate) mod large_claims;
pub(crate) mod load;
pub(crate) mod organizations;
pub(crate) mod redirect;
pub(crate) mod sign_out;
pub(crate) mod tokens;
pub(crate) mod touch;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::{HeaderValue, Request};
use logto::{
    Diagnose as _, SignInOptions, VerifiedIdToken,
    session::{Session, SessionId, SessionState, store::StoreError},
};
use tower_cookies::Cookies;
use url::Url;

use crate::{
    address::Address,
    address::sites::Site,
    cookie::CookieJar,
    cookie::header::SentCookies,
    error::AuthError,
    guard::initiator::{Initiator, initiator_of},
    guard::server_functions::{FunctionPath, ServerFunctions},
    headers::csp::ContentSecurityPolicy,
    logto::{Logto, Shared},
    return_to::ReturnTo,
    session::caller::Caller,
    session::large_claims::LargeClaims,
    session::load::Reading,
};

/// The session of one request. Clones share it.
///
/// It comes from [`LogtoLayer`](crate::LogtoLayer), by the extractor of this type or from the
/// request's extensions; never from a header that a client could set.
#[derive(Clone)]
pub struct AuthSession {
    /// All in one, because rendering clones it many times: what requests share is not touched by
    /// that.
    request: Arc<OneRequest>,
}

/// A request, and what is known of its session.
struct OneRequest {
    logto: Logto,
    /// The address that the request came to, and the cookies there.
    site: Arc<Site>,
    cookies: Cookies,
    /// What is set as a cookie reaches the browser.
    keeps_cookies: bool,
    /// The cookies as the browser sent them.
    sent: SentCookies,
    /// What caused the request.
    initiator: Initiator,
    /// The page that a sign-in leads back to.
    caller: Caller,
    /// Held while the session is read, so that a store is asked once.
    turn: futures_util::lock::Mutex<()>,
    inner: Mutex<Inner>,
}

/// What is known of the session during the request.
#[derive(Default)]
pub(crate) struct Inner {
    /// `None` until somebody asks.
    read: Option<Read>,
    /// The response's head has gone out: cookies can no longer be set.
    pub(crate) head_is_out: bool,
    /// The store did not answer when it was last asked: what the response says is not about the
    /// session.
    pub(crate) store_failed: bool,
    /// The response's own content security policy.
    policy: Option<HeaderValue>,
    /// The user has signed out: the browser is told to forget the pages of before.
    pub(crate) signed_out: bool,
    /// Where this response sends the browser instead.
    pub(crate) redirect: Option<HeaderValue>,
    use_of_session: UseOfSession,
}

/// What the response has to do with the session.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum UseOfSession {
    /// The app has not asked for it.
    #[default]
    None,
    /// The app has asked for it: the response depends on it, even if there is none.
    Asked,
    /// The head went out for every cache to keep: the body may no longer ask.
    Closed,
}

pub(crate) struct Read {
    pub(crate) session: Option<Arc<Session>>,
    pub(crate) cookie: CookieState,
}

/// What the cookie needs when the head goes out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CookieState {
    /// It says what the session is; or it stays as it is, for another process to open.
    Current,
    /// It has to be written.
    Outdated,
    /// It has to go.
    Unwanted,
}

/// Whether a response is about the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Involved {
    No,
    Yes,
    /// The store did not answer: nobody knows.
    Unknown,
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
        Self::of(OneRequest {
            keeps_cookies: true,
            sent,
            logto,
            site,
            cookies,
            initiator: initiator_of(method, headers),
            caller: Caller::of(method, uri, headers, calls_function),
            turn: futures_util::lock::Mutex::default(),
            inner: Mutex::default(),
        })
    }

    /// The same request as if it had come without cookies; none that is set reaches the browser.
    pub(crate) fn without_cookies(&self) -> Self {
        Self::of(OneRequest {
            keeps_cookies: false,
            sent: SentCookies::default(),
            logto: self.request.logto.clone(),
            site: Arc::clone(&self.request.site),
            cookies: Cookies::default(),
            initiator: self.request.initiator,
            caller: self.request.caller.clone(),
            turn: futures_util::lock::Mutex::default(),
            inner: Mutex::default(),
        })
    }

    fn of(request: OneRequest) -> Self {
        Self {
            request: Arc::new(request),
        }
    }

    /// How the session stands now.
    ///
    /// # Errors
    ///
    /// [`AuthError::Store`] when the session store does not answer: nobody knows then.
    pub async fn state(&self) -> Result<SessionState, AuthError> {
        self.with(|read| self.state_of(read.session.as_deref())).await
    }

    /// The session, and how it stands.
    pub(crate) async fn standing(&self) -> Result<(SessionState, Option<Arc<Session>>), AuthError> {
        let session = self.session().await?;
        Ok((self.state_of(session.as_deref()), session))
    }

    /// How it stands now, which is after it was waited for.
    fn state_of(&self, session: Option<&Session>) -> SessionState {
        let now = self.logto().client().now();
        session.map_or(SessionState::Anonymous, |session| session.state(now))
    }

    /// The session as it is now, refreshes of this request and of others included.
    ///
    /// # Errors
    ///
    /// As [`AuthSession::state`].
    pub async fn session(&self) -> Result<Option<Arc<Session>>, AuthError> {
        self.with(|read| read.session.clone()).await
    }

    /// The verified ID token of a user who is signed in. One past its time is renewed first; while
    /// the provider cannot be reached it is the old one.
    ///
    /// # Errors
    ///
    /// As [`AuthSession::state`].
    pub async fn id_token(&self) -> Result<Option<VerifiedIdToken>, AuthError> {
        self.renew_stale().await;
        let (state, session) = self.standing().await?;
        let signed_in = session.filter(|_| state.is_authenticated());
        Ok(signed_in.map(|session| session.id_token().clone()))
    }

    /// What this session belongs to.
    #[must_use]
    pub fn logto(&self) -> &Logto {
        &self.request.logto
    }

    /// The content security policy of this response, in place of the one that the layer sends: for
    /// a page with inline scripts, which have its nonce. A header that the response has itself
    /// stands. Once the head is out it is too late.
    ///
    /// ```
    /// # use logto_axum::AuthSession;
    /// fn send_policy(session: &AuthSession, nonce: &str) {
    ///     if let Some(policy) = session.logto().content_security_policy() {
    ///         session.set_content_security_policy(policy, Some(nonce));
    ///     }
    /// }
    /// ```
    pub fn set_content_security_policy(&self, policy: &ContentSecurityPolicy, nonce: Option<&str>) {
        self.lock().policy = Some(policy.to_header(nonce));
    }

    pub(crate) fn take_content_security_policy(&self) -> Option<HeaderValue> {
        self.lock().policy.take()
    }

    /// Starts a sign-in: keeps its transaction in a cookie and returns where to send the browser. A
    /// missing redirect URI is filled in.
    ///
    /// Without a return path the user comes back to the page that asked: the one that sent the form
    /// or called the server function (its `Referer`), or the one that is being opened. A page that
    /// is opened and asks although the user is signed in leads home, or it would ask again after
    /// every sign-in. A return path that leads to another site becomes the home page.
    ///
    /// A user's doing starts a sign-in: a form, a page that is opened, a script's call by POST (a
    /// server function from an island, whose answer tells the script where to go). A prefetch or a
    /// script's GET does not, or abandoned sign-ins would pile up in the browser; nor does another
    /// site's request to an open path, whose answer sets no cookie.
    ///
    /// # Errors
    ///
    /// When the provider's metadata cannot be had, an option is not valid, or the head has gone
    /// out; [`AuthError::Prefetch`] and [`AuthError::NavigationNeeded`];
    /// [`AuthError::RedirectUriNotRegistered`] when [`Logto::watch_set_up`] has found that, and it
    /// is still so.
    #[doc(alias = "signIn")]
    pub async fn start_sign_in(&self, options: SignInOptions) -> Result<Url, AuthError> {
        match self.request.initiator {
            Initiator::Navigation | Initiator::Call => {}
            Initiator::Prefetch => return Err(AuthError::Prefetch),
            Initiator::Lookup => return Err(AuthError::NavigationNeeded),
        }
        if !self.request.keeps_cookies {
            return Err(AuthError::NavigationNeeded);
        }
        self.check_head()?;
        let return_to = match options.post_redirect() {
            Some(path) => ReturnTo::parse(path),
            None => self.page_that_asks().await,
        };
        let return_to = return_to.unwrap_or_else(ReturnTo::home);
        let options = options.with_post_redirect(return_to.to_string());
        let redirect_uri = match options.redirect_uri() {
            Some(uri) => uri.to_owned(),
            None => self.redirect_uri(),
        };
        if self.logto().is_unregistered(&redirect_uri).await {
            return Err(AuthError::RedirectUriNotRegistered(redirect_uri));
        }
        let options = options.with_redirect_uri(redirect_uri);
        let start = self.logto().client().start_sign_in(options).await?;
        self.check_head()?;
        let (sent, cookies) = (self.sent_cookies(), self.cookies());
        if self.jar().write_transaction(sent, cookies, &start.transaction) {
            Ok(start.authorization_url)
        } else {
            Err(AuthError::TransactionNotKept)
        }
    }

    async fn page_that_asks(&self) -> Option<ReturnTo> {
        let page = self.calling_page()?;
        let is_itself = matches!(self.request.caller, Caller::Itself(_));
        let would_ask_again = is_itself && self.state().await.is_ok_and(SessionState::is_authenticated);
        (!would_ask_again).then_some(page)
    }

    /// The page of this app that the request opens or, if it is a form or a call, comes from (by
    /// its `Referer`). `None` for a page of another site and for the routes of the protocol, the
    /// page for failures among them. Without its query if there is a one-time token in it.
    #[must_use]
    pub fn calling_page(&self) -> Option<ReturnTo> {
        let paths = self.shared().web.paths();
        self.request.caller.page(self.address(), paths)
    }

    /// The redirect URI at the address that the request came to, to be registered in the Logto
    /// console exactly like this.
    #[doc(alias = "redirectUri")]
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        self.address().absolute(&self.shared().web.paths().callback)
    }

    pub(crate) fn reading(&self) -> Reading<'_> {
        Reading {
            logto: &self.request.logto,
            jar: self.jar(),
            sent: &self.request.sent,
        }
    }

    /// Where the request came to.
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

    /// The cookies that came with the request.
    pub(crate) fn sent_cookies(&self) -> &SentCookies {
        &self.request.sent
    }

    pub(crate) fn has_cookie(&self) -> bool {
        self.request.sent.has_session()
    }

    /// Whether somebody beside the layer holds it: then the body may ask for it while it streams,
    /// when it is too late for headers.
    pub(crate) fn is_held(&self) -> bool {
        Arc::strong_count(&self.request) > 1
    }

    /// Takes a session that has just begun. With a store it is saved before anybody is told.
    pub(crate) async fn begin(&self, session: Session) -> Result<(), AuthError> {
        let shared = self.shared();
        if shared.stored.is_none() && !self.jar().has_room_for(&session) {
            return Err(AuthError::SessionTooLarge(LargeClaims::of(&session)));
        }
        // Sessions from before end; if the store does not know one just now, it ends by itself.
        let current = self.session().await.ok().flatten();
        let before = self.carried_ids(current.as_deref()).await;
        self.save_begun(&session).await.map_err(|error| match error {
            StoreError::SessionTooLarge => AuthError::SessionTooLarge(LargeClaims::of(&session)),
            error => {
                self.lock().store_failed = true;
                error.into()
            }
        })?;
        for before in before {
            if let Err(error) = self.forget(before).await {
                tracing::warn!(
                    code = error.code(),
                    "the session before this one goes on where its cookie was copied"
                );
            }
        }
        self.replace(Some(session));
        Ok(())
    }

    /// The ids of all sessions that came with the request, that of its session first; of one in a
    /// store even if the session itself is sealed with a secret that is not known here.
    pub(crate) async fn carried_ids(&self, current: Option<&Session>) -> Vec<SessionId> {
        let mut ids: Vec<_> = current.map(Session::id).into_iter().collect();
        for id in self.reading().ids().await {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    async fn save_begun(&self, session: &Session) -> Result<(), StoreError> {
        let shared = self.shared();
        let Some(stored) = &shared.stored else { return Ok(()) };
        let _ = stored.save(session, None).await?;
        // A logout that came before it was there has not found it. For one in cookies the list is
        // asked when they come back.
        if shared.deny_list.denies(session).await? {
            stored.store().delete(&session.id()).await?;
        }
        Ok(())
    }

    /// From now on there is this session, or none.
    pub(crate) fn replace(&self, session: Option<Session>) {
        let cookie = match session {
            Some(_) => CookieState::Outdated,
            None => CookieState::Unwanted,
        };
        let mut inner = self.lock();
        inner.store_failed = false;
        inner.use_of_session = UseOfSession::Asked;
        inner.read = Some(Read {
            session: session.map(Arc::new),
            cookie,
        });
    }

    /// Fails once the head of the response has gone out.
    pub(crate) fn check_head(&self) -> Result<(), AuthError> {
        if self.lock().head_is_out {
            return Err(AuthError::ResponseStarted);
        }
        Ok(())
    }

    /// Renews what ends soon on behalf of the layer: the response does not depend on the session by
    /// that.
    pub(crate) async fn renew_before_page(&self) -> Result<(), AuthError> {
        let renewed = self.renew_expiring().await;
        self.lock().use_of_session = UseOfSession::None;
        renewed
    }

    /// Writes the cookies if they have to be, and tells what the response is about. One that is
    /// `public`, and has not asked for the session, cannot ask for it later.
    pub(crate) fn write_back(&self, is_public: bool) -> Involved {
        let mut inner = self.lock();
        inner.head_is_out = true;
        if is_public && inner.use_of_session == UseOfSession::None {
            inner.use_of_session = UseOfSession::Closed;
        }
        if inner.store_failed {
            return Involved::Unknown;
        }
        let involved = match inner.use_of_session {
            UseOfSession::Asked => Involved::Yes,
            UseOfSession::None | UseOfSession::Closed => Involved::No,
        };
        let Some(read) = &inner.read else { return involved };
        let cookies = self.jar();
        match read.cookie {
            CookieState::Current => {}
            CookieState::Unwanted => cookies.clear_session(&self.request.cookies, &self.request.sent),
            CookieState::Outdated => match self.newest(read) {
                Some(session) if self.shared().stored.is_some() => {
                    cookies.write_id(&self.request.cookies, &session, &self.request.sent);
                }
                Some(session) => cookies.write_session(&self.request.cookies, &session, &self.request.sent),
                // Signed out meanwhile: that response has cleared the cookie, or written the next
                // session's.
                None => {}
            },
        }
        involved
    }

    /// What another request has made of the session meanwhile: an older value must not take the
    /// place of a newer one in the browser, and one that was signed out must not come back.
    fn newest(&self, read: &Read) -> Option<Arc<Session>> {
        self.shared().refresher.latest(Arc::clone(read.session.as_ref()?))
    }

    /// Reads the session if nothing has read it yet, and acts on what is known.
    pub(crate) async fn with<T>(&self, act: impl FnOnce(&mut Read) -> T) -> Result<T, AuthError> {
        let is_read = {
            let mut inner = self.lock();
            if inner.use_of_session == UseOfSession::Closed {
                return Err(AuthError::ResponsePublic);
            }
            inner.use_of_session = UseOfSession::Asked;
            inner.read.is_some()
        };
        if !is_read {
            let _turn = self.request.turn.lock().await;
            if self.lock().read.is_none() {
                self.find().await?;
            }
        }
        let mut inner = self.lock();
        let read = inner.read.get_or_insert_with(|| Read {
            session: None,
            cookie: CookieState::Current,
        });
        Ok(act(read))
    }

    async fn find(&self) -> Result<(), StoreError> {
        let found = self.reading().read().await;
        let mut inner = self.lock();
        let is_for_others = matches!(found, Err(StoreError::UnknownKey));
        let found = if is_for_others { Ok(None) } else { found };
        inner.store_failed = found.is_err();
        let found = found?;
        let cookie = match &found {
            Some(found) if found.is_new => CookieState::Outdated,
            None if self.has_cookie() && !is_for_others => CookieState::Unwanted,
            _ => CookieState::Current,
        };
        inner.read = Some(Read {
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
