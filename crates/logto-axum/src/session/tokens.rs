//! The tokens of the session: cached tokens and refresh.

use std::{pin::pin, sync::Arc, time::Duration};

use futures_util::future::{self, Either};
use logto::{
    AccessToken, Diagnose as _, TokenError, TokenRequest, TokenTarget,
    session::{Refreshed, Session, SessionState},
};

use crate::{
    error::SessionError,
    session::{AuthSession, inner::CookieState},
};

/// How long a page waits for tokens that are refreshed ahead of time.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// An access token, and how it was obtained.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IssuedToken {
    /// The token.
    pub token: AccessToken,
    /// The API that the token is for.
    pub target: TokenTarget,
    /// Whether the token was refreshed by this call, rather than cached in the session.
    pub refreshed: bool,
}

impl IssuedToken {
    /// Returns the claims of the token, without verification: only for display, because the API
    /// verifies the token itself. `None` for an opaque token.
    #[doc(alias = "getAccessTokenClaims")]
    #[doc(alias = "getOrganizationTokenClaims")]
    #[must_use]
    pub fn claims(&self) -> Option<logto::AccessTokenClaims> {
        self.token.unverified_claims()
    }
}

impl AuthSession {
    /// Returns an access token, for handlers and server functions: the cached one while it is
    /// valid, else a refreshed one, which is **saved to the session** with this response.
    /// [`TokenTarget::fresh`] always requests a new one.
    ///
    /// With [`WebConfig::with_active_organization_by_default`](crate::WebConfig::with_active_organization_by_default),
    /// a token for a resource is for the active organization if the request names none.
    ///
    /// ```
    /// # use logto_axum::{SessionError, AuthSession, TokenTarget};
    /// # async fn get(session: AuthSession) -> Result<(), SessionError> {
    /// let orders = TokenTarget::resource("https://orders.example.com").in_organization("o1");
    /// let cached = session.access_token(orders.clone()).await?;
    /// let with_the_new_role = session.access_token(orders.fresh()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`SessionError::ResponseStarted`] if the head was sent, so that a refreshed token could
    ///   not be saved to the cookie;
    /// - [`SessionError::NotSignedIn`] or [`SessionError::SignInNeeded`] without a live session;
    /// - [`SessionError::AccessDenied`] if the user currently may not use the application;
    /// - [`SessionError::Token`] if the provider refuses the token or is unavailable. After a
    ///   refusal calls return the same error for at most a minute, without a request to the
    ///   provider;
    /// - [`SessionError::NoActiveOrganization`] if the request names the active organization, and
    ///   none is active;
    /// - [`SessionError::Store`] if the session store is unavailable.
    #[doc(alias = "getAccessToken")]
    #[doc(alias = "getOrganizationToken")]
    pub async fn access_token(&self, request: impl Into<TokenRequest>) -> Result<IssuedToken, SessionError> {
        self.check_saveable()?;
        self.access_token_ssr(request).await
    }

    /// Returns an access token, for use while rendering: the cached one while it is valid, else a
    /// refreshed one.
    ///
    /// With a store a refreshed token is saved at once. With cookies it is saved with this response
    /// if the head has not been sent yet, as in blocking resources, `SsrMode::Async` and
    /// synchronous component code. After that it stays in the memory of this process for an hour,
    /// and is saved with the next response to the same browser.
    ///
    /// # Errors
    ///
    /// The same as [`AuthSession::access_token`], without [`SessionError::ResponseStarted`].
    #[doc(alias = "getAccessTokenRSC")]
    #[doc(alias = "getOrganizationTokenRSC")]
    pub async fn access_token_ssr(&self, request: impl Into<TokenRequest>) -> Result<IssuedToken, SessionError> {
        let TokenRequest {
            mut target,
            fresh,
            in_active_organization,
            ..
        } = request.into();
        let session = self.live_session().await?;
        let active = session.active_organization();
        let by_default = self.shared().web.config.active_organization_by_default
            && target.resource.is_some()
            && target.organization_id.is_none();
        match (in_active_organization, active) {
            (Some(true), None) => return Err(SessionError::NoActiveOrganization),
            (Some(true), Some(id)) => target = target.in_organization(id),
            (None, Some(id)) if by_default => target = target.in_organization(id),
            _ => {}
        }
        let tokens = &self.shared().refresher;
        let refreshed = if fresh {
            Box::pin(tokens.fresh_token(session, &target)).await
        } else {
            tokens.token(session, &target).await
        };
        let was_refreshed = refreshed.refreshed;
        let token = self.apply_refresh(refreshed).await?;
        self.note_use(&target).await?;
        Ok(IssuedToken {
            token,
            target,
            refreshed: was_refreshed,
        })
    }

    /// Drops the cached access token for `target`, so that the next use requests a new one. Waits
    /// for a refresh of this session in flight, and drops its token too. `target` is exact: that of
    /// a token for the active organization, [`IssuedToken::target`], names the organization.
    ///
    /// # Errors
    ///
    /// [`SessionError::ResponseStarted`] if the head was sent and the session is in cookies;
    /// [`SessionError::Store`] if the session store is unavailable. Without a session nothing
    /// happens.
    #[doc(alias = "clearAccessToken")]
    pub async fn clear_access_token(&self, target: TokenTarget) -> Result<(), SessionError> {
        Box::pin(self.clear(Some(&target))).await
    }

    /// Drops all cached access tokens. The user stays signed in: the ID token and the refresh token
    /// are kept.
    ///
    /// # Errors
    ///
    /// The same as [`AuthSession::clear_access_token`].
    #[doc(alias = "clearAllTokens")]
    pub async fn clear_all_tokens(&self) -> Result<(), SessionError> {
        Box::pin(self.clear(None)).await
    }

    async fn clear(&self, target: Option<&TokenTarget>) -> Result<(), SessionError> {
        self.check_saveable()?;
        let Some(session) = self.session().await? else {
            return Ok(());
        };
        let cleared = self.shared().refresher.clear(session, target).await?;
        self.update_session(cleared).await
    }

    /// Fails if the session is in cookies and the head was sent.
    pub(crate) fn check_saveable(&self) -> Result<(), SessionError> {
        let is_late = self.lock().head_sent && self.shared().stored.is_none();
        if is_late {
            Err(SessionError::ResponseStarted)
        } else {
            Ok(())
        }
    }

    /// Refreshes an expired ID token, and retries after a denied access. A transient error changes
    /// nothing; a refusal changes the state.
    pub(crate) async fn renew_stale(&self) {
        if matches!(self.state().await, Ok(SessionState::Stale | SessionState::AccessDenied))
            && let Err(error) = Box::pin(self.renew_claims(false)).await
        {
            tracing::debug!(code = error.code(), "an expired ID token could not be refreshed");
        }
    }

    /// Refreshes the ID token, and with it the claims. Without `fresh`, a refresh by another
    /// request is good enough.
    pub(crate) async fn renew_claims(&self, fresh: bool) -> Result<(), SessionError> {
        let session = self.live_session().await?;
        let (tokens, target) = (&self.shared().refresher, TokenTarget::USER_INFO);
        let refreshed = if fresh {
            Box::pin(tokens.fresh_token(session, &target)).await
        } else {
            tokens.newer_token(session, &target).await
        };
        self.apply_refresh(refreshed).await.map(drop)
    }

    /// Refreshes tokens that expire soon. Refusals and transient errors are left to the caller that
    /// needs the token.
    ///
    /// A refresh that takes longer continues without the page. Only an expired ID token is waited
    /// for, because the page shows its claims.
    pub(crate) async fn renew_expiring(&self) -> Result<(), SessionError> {
        let seconds = self.shared().web.config.refresh_before;
        let expiring = self.with(|loaded| {
            let now = self.logto().client().now();
            let session = loaded.session.as_deref();
            let renewable = session.filter(|session| seconds > 0 && session.refresh_token().is_some());
            renewable.map_or_else(Vec::new, |session| session.expiring(now, seconds))
        });
        let expiring = expiring.await?;
        if expiring.is_empty() {
            return Ok(());
        }
        let clock = self.logto().client().clock();
        let mut limit = clock.sleep(MAX_WAIT);
        for target in expiring {
            let Some(session) = self.session().await? else { break };
            let is_stale = session.state(clock.now()) == SessionState::Stale;
            let refresh = pin!(self.shared().refresher.newer_token(session, &target));
            let refreshed = if is_stale {
                refresh.await
            } else {
                match future::select(refresh, &mut limit).await {
                    Either::Left((refreshed, _)) => refreshed,
                    Either::Right(_) => return self.await_refresh().await,
                }
            };
            if let Err(error) = self.apply_refresh(refreshed).await {
                tracing::debug!(
                    code = error.code(),
                    "a token that expires soon could not be refreshed before the page"
                );
                // The provider may refuse one target and grant the next, but an outage concerns
                // all.
                if error.is_transient() || error.ends_sign_in() {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Lets this response save a refresh that ends before its head is sent. A later response saves
    /// any other. With a store, the refresh itself saves.
    async fn await_refresh(&self) -> Result<(), SessionError> {
        let shared = self.shared();
        self.with(|loaded| {
            if let Some(session) = &loaded.session {
                shared.refresher.keep_unsaved(session.id());
            }
            if shared.stored.is_none() && loaded.cookie == CookieState::Current {
                loaded.cookie = CookieState::Awaited;
            }
        })
        .await
    }

    pub(crate) async fn live_session(&self) -> Result<Arc<Session>, SessionError> {
        let session = self.session().await?.ok_or(SessionError::NotSignedIn)?;
        match session.state(self.logto().client().now()) {
            SessionState::SignInNeeded => Err(SessionError::SignInNeeded),
            // If access is denied, the refresher decides when to retry.
            SessionState::Active | SessionState::Stale | SessionState::AccessDenied => Ok(session),
            _ => Err(SessionError::NotSignedIn),
        }
    }

    async fn apply_refresh(&self, refreshed: Refreshed) -> Result<AccessToken, SessionError> {
        self.update_session(refreshed.session).await?;
        refreshed.token.map_err(|error| match error {
            TokenError::Store(error) => SessionError::Store(error),
            TokenError::AccessDenied => SessionError::AccessDenied,
            error if error.ends_grant() => SessionError::SignInNeeded,
            error => error.into(),
        })
    }

    /// Replaces the loaded session with a newer version.
    pub(crate) async fn update_session(&self, session: Option<Arc<Session>>) -> Result<(), SessionError> {
        let head_sent = self.lock().head_sent;
        self.with(|loaded| match session {
            // Another request has ended the session, and its response has cleared the cookie or
            // written that of the next session.
            None => {
                loaded.session = None;
                loaded.cookie = CookieState::Current;
            }
            // Concurrent refreshes of one request may complete in any order: the newest version
            // counts.
            Some(session)
                if loaded
                    .session
                    .as_ref()
                    .is_some_and(|known| known.version() < session.version()) =>
            {
                if head_sent {
                    self.shared().refresher.keep_unsaved(session.id());
                }
                loaded.session = Some(session);
                loaded.cookie = CookieState::Outdated;
            }
            Some(_) => {}
        })
        .await
    }

    /// Records the use of a token, for LRU eviction. With a store the record stays in memory until
    /// the next change or visit saves it.
    async fn note_use(&self, target: &TokenTarget) -> Result<(), SessionError> {
        self.with(|loaded| {
            let Some(session) = &loaded.session else { return };
            if let Some(session) = self.shared().refresher.note_use(session, target) {
                loaded.session = Some(Arc::new(session));
                loaded.cookie = CookieState::Outdated;
            }
        })
        .await
    }
}
