//! The tokens of a request's session: had from it, or renewed and kept.

use std::sync::Arc;

use logto::{
    AccessToken, Diagnose as _, TokenError, TokenRequest, TokenTarget,
    session::{Refreshed, Session, SessionState},
};

use crate::{
    error::AuthError,
    session::{AuthSession, CookieState, Read},
};

/// An access token, and how it was obtained.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IssuedToken {
    /// The token.
    pub token: AccessToken,
    /// What it is for.
    pub target: TokenTarget,
    /// Whether the provider was asked for it just now, rather than the session.
    pub refreshed: bool,
}

impl IssuedToken {
    /// What the token says, read without verification: it is for display, the API decides by its
    /// own. `None` for an opaque token.
    #[doc(alias = "getAccessTokenClaims")]
    #[doc(alias = "getOrganizationTokenClaims")]
    #[must_use]
    pub fn claims(&self) -> Option<logto::AccessTokenClaims> {
        self.token.unverified_claims()
    }
}

impl AuthSession {
    /// An access token for use in handlers and server functions: from the session while it is
    /// valid, else refreshed and **saved to the session** with this response.
    /// [`TokenTarget::fresh`] asks the provider in any case.
    ///
    /// ```
    /// # use logto_axum::{AuthError, AuthSession, TokenTarget};
    /// # async fn get(session: AuthSession) -> Result<(), AuthError> {
    /// let orders = TokenTarget::resource("https://orders.example.com").in_organization("o1");
    /// let cached = session.access_token(orders.clone()).await?;
    /// let with_the_new_role = session.access_token(orders.fresh()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthError::ResponseStarted`] when the head has gone out and a refreshed token could not be
    /// saved to the cookie; [`AuthError::NotSignedIn`] and [`AuthError::SignInNeeded`] when there
    /// is no live session; [`AuthError::AccessDenied`] when the user may not use the application at
    /// present; [`AuthError::Token`] when the provider refuses or cannot be reached;
    /// [`AuthError::Store`] when the session store does not answer. After a refusal the provider is
    /// left alone for a while, at most a minute, and the error is the same.
    #[doc(alias = "getAccessToken")]
    #[doc(alias = "getOrganizationToken")]
    pub async fn access_token(&self, request: impl Into<TokenRequest>) -> Result<IssuedToken, AuthError> {
        self.check_that_it_can_be_saved()?;
        self.access_token_ssr(request).await
    }

    /// An access token for use while rendering: from the session while it is valid, else refreshed.
    /// With a store, what was refreshed is saved at once. With cookies it is saved with this
    /// response if its head has not gone out (blocking resources, `SsrMode::Async`, synchronous
    /// component code); after that it is remembered for a minute in this process and saved with the
    /// next response to the same browser.
    ///
    /// # Errors
    ///
    /// As [`AuthSession::access_token`], without [`AuthError::ResponseStarted`].
    #[doc(alias = "getAccessTokenRSC")]
    #[doc(alias = "getOrganizationTokenRSC")]
    pub async fn access_token_ssr(&self, request: impl Into<TokenRequest>) -> Result<IssuedToken, AuthError> {
        let TokenRequest { target, fresh, .. } = request.into();
        let session = self.live_session().await?;
        let tokens = &self.shared().refresher;
        let refreshed = if fresh {
            Box::pin(tokens.fresh_token(session, &target)).await
        } else {
            tokens.token(session, &target).await
        };
        let was_refreshed = refreshed.refreshed;
        let token = self.take_in(refreshed).await?;
        self.note_use(&target).await?;
        Ok(IssuedToken {
            token,
            target,
            refreshed: was_refreshed,
        })
    }

    /// Drops the cached access token for `target`, so that its next use asks the provider. It waits
    /// for a refresh of this session that is under way, and drops what that brought as well.
    ///
    /// # Errors
    ///
    /// [`AuthError::ResponseStarted`] when the head has gone out and the session is in cookies;
    /// [`AuthError::Store`] when the session store does not answer. A missing sign-in is no error.
    #[doc(alias = "clearAccessToken")]
    pub async fn clear_access_token(&self, target: TokenTarget) -> Result<(), AuthError> {
        Box::pin(self.clear(Some(&target))).await
    }

    /// Drops every cached access token, as [`AuthSession::clear_access_token`]. The user stays
    /// signed in: ID token and refresh token are kept.
    ///
    /// # Errors
    ///
    /// As [`AuthSession::clear_access_token`].
    #[doc(alias = "clearAllTokens")]
    pub async fn clear_all_tokens(&self) -> Result<(), AuthError> {
        Box::pin(self.clear(None)).await
    }

    async fn clear(&self, target: Option<&TokenTarget>) -> Result<(), AuthError> {
        self.check_that_it_can_be_saved()?;
        let Some(session) = self.session().await? else {
            return Ok(());
        };
        let cleared = self.shared().refresher.clear(session, target).await?;
        self.take_session(cleared).await
    }

    /// A change of a session in cookies needs a head that has not gone out.
    fn check_that_it_can_be_saved(&self) -> Result<(), AuthError> {
        let is_late = self.lock().head_is_out && self.shared().stored.is_none();
        if is_late {
            Err(AuthError::ResponseStarted)
        } else {
            Ok(())
        }
    }

    /// Renews an ID token past its time, and asks again where access was denied. A transient error
    /// leaves it as it is, a refusal shows in the state.
    pub(crate) async fn renew_stale(&self) {
        if matches!(self.state().await, Ok(SessionState::Stale | SessionState::AccessDenied))
            && let Err(error) = Box::pin(self.renew_claims(false)).await
        {
            tracing::debug!(code = error.code(), "an ID token past its time could not be renewed");
        }
    }

    /// Renews the ID token, and with it what the claims say: asks the provider for it now, or takes
    /// one that another request has just got.
    pub(crate) async fn renew_claims(&self, fresh: bool) -> Result<(), AuthError> {
        let session = self.live_session().await?;
        let (tokens, target) = (&self.shared().refresher, TokenTarget::USER_INFO);
        let refreshed = if fresh {
            Box::pin(tokens.fresh_token(session, &target)).await
        } else {
            tokens.newer_token(session, &target).await
        };
        self.take_in(refreshed).await.map(drop)
    }

    /// Renews what ends soon, before a page is rendered. Refusals and transient errors are left to
    /// the caller that needs the token.
    pub(crate) async fn renew_expiring(&self) -> Result<(), AuthError> {
        let seconds = self.shared().web.config.refresh_before;
        let expiring = self.with(|read| {
            let now = self.logto().client().now();
            let session = read.session.as_deref();
            let renewable = session.filter(|session| seconds > 0 && session.refresh_token().is_some());
            renewable.map_or_else(Vec::new, |session| session.expiring(now, seconds))
        });
        for target in expiring.await? {
            let Some(session) = self.session().await? else { break };
            let refreshed = self.shared().refresher.newer_token(session, &target).await;
            if let Err(error) = self.take_in(refreshed).await {
                tracing::debug!(
                    code = error.code(),
                    "a token that ends soon could not be renewed before the page"
                );
                // What is refused for one target may be granted for the next; what is down is down
                // for all.
                if error.is_transient() || error.ends_sign_in() {
                    break;
                }
            }
        }
        Ok(())
    }

    pub(crate) async fn live_session(&self) -> Result<Arc<Session>, AuthError> {
        let session = self.session().await?.ok_or(AuthError::NotSignedIn)?;
        match session.state(self.logto().client().now()) {
            SessionState::SignInNeeded => Err(AuthError::SignInNeeded),
            // Where access is denied the refresher decides whether the provider is asked again.
            SessionState::Active | SessionState::Stale | SessionState::AccessDenied => Ok(session),
            _ => Err(AuthError::NotSignedIn),
        }
    }

    async fn take_in(&self, refreshed: Refreshed) -> Result<AccessToken, AuthError> {
        self.take_session(refreshed.session).await?;
        refreshed.token.map_err(|error| match error {
            TokenError::Store(error) => AuthError::Store(error),
            TokenError::AccessDenied => AuthError::AccessDenied,
            error if error.ends_grant() => AuthError::SignInNeeded,
            error => error.into(),
        })
    }

    /// Takes the session as it is after a change.
    async fn take_session(&self, session: Option<Arc<Session>>) -> Result<(), AuthError> {
        self.with(|read| match session {
            // It ended meanwhile: whoever ended it has cleared the cookie, or written the next
            // session's.
            None => {
                read.session = None;
                read.cookie = CookieState::Current;
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
        })
        .await
    }

    /// Puts the use of a token on record, for LRU eviction. With a store it is remembered, and
    /// saved with the next change or visit.
    async fn note_use(&self, target: &TokenTarget) -> Result<(), AuthError> {
        if let Some(stored) = &self.shared().stored {
            let note = |read: &mut Read| {
                if let Some(session) = &read.session {
                    stored.note_use(session, target);
                }
            };
            return self.with(note).await;
        }
        let now = self.logto().client().now();
        self.with(|read| {
            if let Some(session) = read.session.as_ref().and_then(|session| session.with_use(target, now)) {
                read.session = Some(Arc::new(session));
                read.cookie = CookieState::Outdated;
            }
        })
        .await
    }
}
