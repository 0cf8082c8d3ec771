//! The tokens of a request's session: had from it, or renewed and kept.

use std::sync::Arc;

use logto::{
    AccessToken, Diagnose as _, TokenError, TokenTarget,
    session::{Refreshed, Session, SessionState},
};

use crate::{
    error::AuthError,
    session::{AuthSession, CookieState},
};

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

impl AuthSession {
    /// An access token for use in handlers and server functions: from the session while it is valid, else refreshed and **saved
    /// to the session** with this response.
    ///
    /// # Errors
    ///
    /// [`AuthError::ResponseStarted`] when the head has gone out and a refreshed token could not be saved to the cookie;
    /// [`AuthError::NotSignedIn`] and [`AuthError::SignInNeeded`] when there is no live session; [`AuthError::Token`] when the provider
    /// refuses or cannot be reached; [`AuthError::Store`] when the session store does not answer.
    #[doc(alias = "getAccessToken")]
    #[doc(alias = "getOrganizationToken")]
    pub async fn access_token(&self, target: TokenTarget) -> Result<IssuedToken, AuthError> {
        if self.lock().head_is_out && self.shared().stored.is_none() {
            return Err(AuthError::ResponseStarted);
        }
        self.access_token_ssr(target).await
    }

    /// An access token for use while rendering: from the session while it is valid, else refreshed. With a store, what was refreshed is
    /// saved at once. With cookies it is saved with this response if its head has not gone out (blocking resources,
    /// `SsrMode::Async`, synchronous component code); after that it is remembered for a minute in this process and saved with the
    /// next response to the same browser.
    ///
    /// # Errors
    ///
    /// As [`AuthSession::access_token`], without [`AuthError::ResponseStarted`].
    #[doc(alias = "getAccessTokenRSC")]
    #[doc(alias = "getOrganizationTokenRSC")]
    pub async fn access_token_ssr(&self, target: TokenTarget) -> Result<IssuedToken, AuthError> {
        let session = self.live_session().await?;
        let refreshed = self.shared().refresher.token(session, &target).await;
        let was_refreshed = refreshed.refreshed;
        let token = self.take_in(refreshed).await?;
        self.note_use(&target).await?;
        Ok(IssuedToken {
            token,
            target,
            refreshed: was_refreshed,
        })
    }

    /// Renews an ID token past its time. A passing fault leaves it as it is, a refusal shows in the state.
    pub(crate) async fn renew_stale(&self) {
        if matches!(self.state().await, Ok(SessionState::Stale))
            && let Err(error) = Box::pin(self.renew_claims()).await
        {
            tracing::debug!(code = error.code(), "an ID token past its time could not be renewed");
        }
    }

    /// Renews the ID token, and with it what the claims say.
    pub(crate) async fn renew_claims(&self) -> Result<(), AuthError> {
        let session = self.live_session().await?;
        let refreshed = self
            .shared()
            .refresher
            .fresh_token(session, &TokenTarget::USER_INFO)
            .await;
        self.take_in(refreshed).await.map(drop)
    }

    /// Renews what ends soon, before a page is rendered. A refusal or a passing fault is left to whoever needs the token.
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
            let refreshed = self.shared().refresher.fresh_token(session, &target).await;
            if let Err(error) = self.take_in(refreshed).await {
                tracing::debug!(
                    code = error.code(),
                    "a token that ends soon could not be renewed before the page"
                );
                // What is refused for one target may be granted for the next; what is down is down for all.
                if error.is_transient() || matches!(error, AuthError::SignInNeeded) {
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
            SessionState::Expired | SessionState::Anonymous => Err(AuthError::NotSignedIn),
            SessionState::Active | SessionState::Stale => Ok(session),
        }
    }

    async fn take_in(&self, refreshed: Refreshed) -> Result<AccessToken, AuthError> {
        self.with(|read| match refreshed.session {
            // It ended meanwhile: whoever ended it has cleared the cookie, or written the next session's.
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
        .await?;
        refreshed.token.map_err(|error| match error {
            TokenError::Store(error) => AuthError::Store(error),
            error if error.ends_grant() => AuthError::SignInNeeded,
            error => error.into(),
        })
    }

    /// Puts the use of a token on record, so that those used longest ago leave first when space is short. A store has space.
    async fn note_use(&self, target: &TokenTarget) -> Result<(), AuthError> {
        if self.shared().stored.is_some() {
            return Ok(());
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
