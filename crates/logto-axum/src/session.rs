//! What a request can ask of its session, and do to it.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::HeaderMap;
use logto::{
    AccessToken, Diagnose as _, SignInOptions, TokenTarget, VerifiedIdToken,
    session::{Refreshed, Session, SessionState},
};
use tower_cookies::Cookies;
use url::Url;

use crate::{error::AuthError, logto::Logto, return_to::ReturnTo};

/// The session of one request. Clones share it.
///
/// It comes from [`LogtoLayer`](crate::LogtoLayer), by the extractor of this type or from the request's extensions; never from a
/// header that a client could set.
#[derive(Clone)]
pub struct AuthSession {
    logto: Logto,
    cookies: Cookies,
    /// The request carries a session cookie, whether it can be read or not.
    has_cookie: bool,
    inner: Arc<Mutex<Inner>>,
}

/// What is known of the session during the request.
#[derive(Default)]
struct Inner {
    /// `None` until somebody asks.
    read: Option<Read>,
    /// The response's head has gone out: cookies can no longer be set.
    head_is_out: bool,
}

struct Read {
    session: Option<Arc<Session>>,
    cookie: CookieState,
}

/// What the cookie needs when the head goes out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CookieState {
    /// It says what the session is.
    Current,
    /// It has to be written.
    Outdated,
    /// It has to go.
    Unwanted,
}

/// An access token, and how it was obtained.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// The token.
    pub token: AccessToken,
    /// What it is for.
    pub target: TokenTarget,
    /// Whether the provider was asked for it just now, rather than the session.
    pub refreshed: bool,
}

impl IssuedToken {
    /// What the token says, read without verification: it is for display, the API decides by its own. `None` for an opaque token.
    #[doc(alias = "getAccessTokenClaims")]
    #[doc(alias = "getOrganizationTokenClaims")]
    #[must_use]
    pub fn claims(&self) -> Option<logto::AccessTokenClaims> {
        self.token.unverified_claims()
    }
}

/// How far a sign-out goes.
#[derive(Clone, Debug, Default)]
pub struct SignOutOptions {
    /// Where the user goes afterwards: an absolute address registered in the Logto console. `None`: the base URL with
    /// [`Paths::after_sign_out`](crate::Paths::after_sign_out).
    #[doc(alias = "postLogoutRedirectUri")]
    pub post_logout_redirect_uri: Option<String>,
}

impl AuthSession {
    pub(crate) fn new(logto: Logto, cookies: Cookies, headers: &HeaderMap) -> Self {
        let has_cookie = logto.shared.cookies.is_carried(headers);
        Self {
            logto,
            cookies,
            has_cookie,
            inner: Arc::default(),
        }
    }

    /// How the session stands now.
    #[must_use]
    pub fn state(&self) -> SessionState {
        self.session().map_or(SessionState::Anonymous, |session| {
            session.state(self.logto.client().now())
        })
    }

    /// The session as it is now, refreshes of this request and of others included.
    #[must_use]
    pub fn session(&self) -> Option<Arc<Session>> {
        self.with(|read| read.session.clone())
    }

    /// The verified ID token of a user who is signed in.
    #[must_use]
    pub fn id_token(&self) -> Option<VerifiedIdToken> {
        let session = self.session()?;
        let signed_in = session.state(self.logto.client().now()).is_authenticated();
        signed_in.then(|| session.id_token().clone())
    }

    /// What this session belongs to.
    #[must_use]
    pub fn logto(&self) -> &Logto {
        &self.logto
    }

    /// An access token for use in handlers and server functions: from the session while it is valid, else refreshed and **saved
    /// to the session** with this response.
    ///
    /// # Errors
    ///
    /// [`AuthError::ResponseStarted`] when the head has gone out and a refreshed token could not be saved;
    /// [`AuthError::SignInNeeded`] when the grant has ended.
    #[doc(alias = "getAccessToken")]
    #[doc(alias = "getOrganizationToken")]
    pub async fn access_token(&self, target: TokenTarget) -> Result<IssuedToken, AuthError> {
        if self.lock().head_is_out {
            return Err(AuthError::ResponseStarted);
        }
        self.access_token_ssr(target).await
    }

    /// An access token for use while rendering: from the session while it is valid, else refreshed. What was refreshed is saved
    /// with this response if its head has not gone out (blocking resources, `SsrMode::Async`, synchronous component code);
    /// after that it is remembered for a minute in this process and saved with the next response to the same browser.
    ///
    /// # Errors
    ///
    /// As [`AuthSession::access_token`], without [`AuthError::ResponseStarted`].
    #[doc(alias = "getAccessTokenRSC")]
    #[doc(alias = "getOrganizationTokenRSC")]
    pub async fn access_token_ssr(&self, target: TokenTarget) -> Result<IssuedToken, AuthError> {
        let session = self.live_session()?;
        let refreshed = self.logto.shared.refresher.token(session, &target).await;
        let was_refreshed = refreshed.refreshed;
        let token = self.take_in(refreshed)?;
        Ok(IssuedToken {
            token,
            target,
            refreshed: was_refreshed,
        })
    }

    /// Renews the ID token, and with it what the claims say.
    pub(crate) async fn renew_claims(&self) -> Result<(), AuthError> {
        let session = self.live_session()?;
        let refreshed = self
            .logto
            .shared
            .refresher
            .fresh_token(session, &TokenTarget::USER_INFO)
            .await;
        self.take_in(refreshed).map(drop)
    }

    /// Starts a sign-in: keeps its transaction in a cookie and returns where to send the browser. The redirect URI and a missing
    /// return path are filled in.
    ///
    /// # Errors
    ///
    /// When the provider's metadata cannot be had, an option is not valid, or the head has gone out.
    #[doc(alias = "signIn")]
    pub async fn start_sign_in(&self, options: SignInOptions) -> Result<Url, AuthError> {
        if self.lock().head_is_out {
            return Err(AuthError::ResponseStarted);
        }
        let web = &self.logto.shared.web;
        let return_to = options
            .post_redirect
            .as_deref()
            .and_then(ReturnTo::parse)
            .unwrap_or_else(ReturnTo::home);
        let mut options = SignInOptions {
            post_redirect: Some(return_to.to_string()),
            ..options
        };
        if options.redirect_uri.is_empty() {
            options.redirect_uri = web.absolute(&web.paths().callback);
        }
        let start = self.logto.client().start_sign_in(options).await?;
        if self
            .logto
            .shared
            .cookies
            .write_transaction(&self.cookies, &start.transaction)
        {
            Ok(start.authorization_url)
        } else {
            Err(AuthError::NoRandomness(logto::NoRandomness))
        }
    }

    /// Signs out here and at the provider: revokes the refresh token, drops the session, and returns where to send the browser so
    /// that the provider's own session ends too. When the provider cannot be told, the session here ends all the same.
    #[doc(alias = "signOut")]
    pub async fn sign_out(&self, options: SignOutOptions) -> String {
        let web = &self.logto.shared.web;
        let after = options
            .post_logout_redirect_uri
            .unwrap_or_else(|| web.absolute(&web.paths().after_sign_out));
        let Some(session) = self.end() else { return after };
        if let Some(refresh_token) = session.refresh_token()
            && let Err(error) = self.logto.client().revoke(refresh_token).await
        {
            tracing::warn!(
                code = error.code(),
                "the refresh token could not be revoked at sign-out"
            );
        }
        match self
            .logto
            .client()
            .end_session_url(Some(session.id_token()), &after)
            .await
        {
            Ok(url) => url.into(),
            Err(error) => {
                tracing::warn!(
                    code = error.code(),
                    "the provider's session could not be ended at sign-out"
                );
                after
            }
        }
    }

    pub(crate) fn cookies(&self) -> &Cookies {
        &self.cookies
    }

    /// Takes a session that has just begun.
    pub(crate) fn begin(&self, session: Session) {
        self.with(|read| {
            if let Some(before) = read.session.replace(Arc::new(session)) {
                self.logto.shared.refresher.end(before.id());
            }
            read.cookie = CookieState::Outdated;
        });
    }

    /// Ends the session here; no response under way can bring it back.
    fn end(&self) -> Option<Arc<Session>> {
        self.with(|read| {
            read.cookie = CookieState::Unwanted;
            let session = read.session.take()?;
            self.logto.shared.refresher.end(session.id());
            Some(session)
        })
    }

    /// Writes the cookie if it has to be. Tells whether the response depends on the session.
    pub(crate) fn write_back(&self) -> bool {
        let mut inner = self.lock();
        inner.head_is_out = true;
        let Some(read) = &inner.read else { return false };
        let jar = &self.logto.shared.cookies;
        match (read.cookie, &read.session) {
            (CookieState::Outdated, Some(session)) => jar.write_session(&self.cookies, session),
            (CookieState::Unwanted, _) => jar.clear_session(&self.cookies),
            _ => {}
        }
        true
    }

    fn live_session(&self) -> Result<Arc<Session>, AuthError> {
        let session = self.session().ok_or(AuthError::NotSignedIn)?;
        match session.state(self.logto.client().now()) {
            SessionState::SignInNeeded => Err(AuthError::SignInNeeded),
            SessionState::Expired | SessionState::Anonymous => Err(AuthError::NotSignedIn),
            SessionState::Active | SessionState::Stale => Ok(session),
        }
    }

    fn take_in(&self, refreshed: Refreshed) -> Result<AccessToken, AuthError> {
        self.with(|read| match refreshed.session {
            None => {
                read.session = None;
                read.cookie = CookieState::Unwanted;
            }
            // Of two refreshes of one request the later counts, whichever comes back first.
            Some(session)
                if read
                    .session
                    .as_ref()
                    .is_some_and(|known| known.version() < session.version()) =>
            {
                read.session = Some(session);
                read.cookie = CookieState::Outdated;
            }
            Some(_) => {}
        });
        refreshed.token.map_err(|error| {
            if error.ends_grant() {
                AuthError::SignInNeeded
            } else {
                error.into()
            }
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Read) -> T) -> T {
        let mut inner = self.lock();
        let read = inner.read.get_or_insert_with(|| self.read());
        act(read)
    }

    fn read(&self) -> Read {
        let Some(session) = self.logto.shared.cookies.read_session(&self.cookies) else {
            let cookie = if self.has_cookie {
                CookieState::Unwanted
            } else {
                CookieState::Current
            };
            return Read { session: None, cookie };
        };
        let version = session.version();
        match self.logto.shared.refresher.latest(session) {
            Some(latest) if latest.version() > version => Read {
                session: Some(latest),
                cookie: CookieState::Outdated,
            },
            Some(session) => Read {
                session: Some(session),
                cookie: CookieState::Current,
            },
            None => Read {
                session: None,
                cookie: CookieState::Unwanted,
            },
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for AuthSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthSession").finish_non_exhaustive()
    }
}
