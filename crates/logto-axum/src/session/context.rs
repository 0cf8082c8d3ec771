//! The state of the session and the user's claims, in one call.

use std::sync::Arc;

use futures_util::FutureExt as _;
use logto::{
    IdTokenClaims, TokenTarget, UserInfo, UserInfoError,
    session::{Session, SessionState},
};
use serde_json::{Map, Value};

use crate::{error::SessionError, session::AuthSession};

/// Data to request from the provider, in addition to the session. By default none.
///
/// ```
/// use logto_axum::ContextOptions;
///
/// let options = ContextOptions::default().with_user_info(true);
/// ```
#[doc(alias = "GetContextParameters")]
#[derive(Clone, Copy, Debug, Default)]
pub struct ContextOptions {
    user_info: bool,
    fresh_claims: bool,
}

impl ContextOptions {
    /// Sets whether to request userinfo: custom data, identities, organization data, and current
    /// claims. Each call then sends a request to the provider.
    #[doc(alias = "fetchUserInfo")]
    #[must_use]
    pub fn with_user_info(mut self, user_info: bool) -> Self {
        self.user_info = user_info;
        self
    }

    /// Sets whether to refresh the ID token even if it is still valid, so that the claims are
    /// current. It costs a request to the provider.
    #[must_use]
    pub fn with_fresh_claims(mut self, fresh_claims: bool) -> Self {
        self.fresh_claims = fresh_claims;
        self
    }
}

/// The state of the session and the claims of the user.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LogtoContext {
    /// The state of the session.
    pub state: SessionState,
    /// The claims of the ID token, if the user is signed in.
    pub claims: Option<Arc<IdTokenClaims>>,
    /// Userinfo, if it was requested and the user is signed in.
    pub user_info: Option<UserInfo>,
    /// The time until the session expires if no further visit extends it, in **seconds**. `None` if
    /// the user is not signed in.
    pub ends_in: Option<u64>,
    /// The id of the [active organization](AuthSession::active_organization).
    pub active_organization: Option<String>,
    pub(crate) session: Option<Arc<Session>>,
}

impl LogtoContext {
    fn without_user(state: SessionState) -> Self {
        Self {
            state,
            claims: None,
            user_info: None,
            ends_in: None,
            active_organization: None,
            session: None,
        }
    }

    /// Whether the user is signed in.
    #[doc(alias = "isAuthenticated")]
    #[must_use]
    pub fn is_authenticated(&self) -> bool {
        self.state.is_authenticated()
    }

    /// Returns all claims of the ID token, including `null`s and unknown ones. The map is empty if
    /// the user is not signed in.
    #[must_use]
    pub fn claim_map(&self) -> Arc<Map<String, Value>> {
        let session = self.session.as_ref();
        session
            .map(|session| session.id_token().claim_map())
            .unwrap_or_default()
    }
}

impl AuthSession {
    /// Returns the state of the session and the claims of the user. An expired ID token is
    /// refreshed first; while the provider is unavailable, the state is [`SessionState::Stale`] and
    /// the claims are the old ones.
    ///
    /// # Errors
    ///
    /// If userinfo or fresh claims were requested and are unavailable, or the session store is. A
    /// user who is not signed in, or no longer, is not an error: see [`LogtoContext::state`].
    #[doc(alias = "getLogtoContext")]
    pub async fn context(&self, options: ContextOptions) -> Result<LogtoContext, SessionError> {
        match self.ask_for_context(options).await {
            // The user is not signed in, or the refresh has shown that the grant has ended.
            Err(error) if error.ends_sign_in() => match self.state().await? {
                state if state.is_authenticated() => Err(error),
                state => Ok(LogtoContext::without_user(state)),
            },
            outcome => outcome,
        }
    }

    async fn ask_for_context(&self, options: ContextOptions) -> Result<LogtoContext, SessionError> {
        if options.fresh_claims && self.state().await?.is_authenticated() {
            Box::pin(self.renew_claims(true)).await?;
        } else {
            self.renew_stale().await;
        }
        let (state, session) = self.state_and_session().await?;
        let Some(session) = session.filter(|_| state.is_authenticated()) else {
            return Ok(LogtoContext::without_user(state));
        };
        let user_info = if options.user_info {
            Some(Box::pin(self.user_info(&session)).await?)
        } else {
            None
        };
        Ok(LogtoContext {
            user_info,
            ..self.context_of(state, &session)
        })
    }

    /// Returns the context without waiting, for synchronous code that renders a page. `None` if the
    /// session would have to be read from a store first.
    ///
    /// Before a page is rendered, the layer has loaded its session and has refreshed tokens that
    /// expire soon. An expired ID token is not refreshed here.
    ///
    /// # Errors
    ///
    /// The same as [`AuthSession::state`].
    pub fn known_context(&self) -> Result<Option<LogtoContext>, SessionError> {
        let Some(known) = self.state_and_session().now_or_never() else {
            return Ok(None);
        };
        Ok(Some(match known? {
            (state, Some(session)) if state.is_authenticated() => self.context_of(state, &session),
            (state, _) => LogtoContext::without_user(state),
        }))
    }

    /// The context of a signed-in user, without userinfo.
    fn context_of(&self, state: SessionState, session: &Arc<Session>) -> LogtoContext {
        let id_token = session.id_token();
        let mut end = self.logto().lifetimes().end_of(session);
        if session.refresh_token().is_none() {
            end = end.min(id_token.claims().exp);
        }
        let now = self.logto().client().now();
        LogtoContext {
            state,
            claims: Some(id_token.shared_claims()),
            user_info: None,
            ends_in: Some(end.as_secs().saturating_sub(now.as_secs())),
            active_organization: session.active_organization().map(str::to_owned),
            session: Some(Arc::clone(session)),
        }
    }

    async fn user_info(&self, session: &Session) -> Result<UserInfo, SessionError> {
        let sub = session.id_token().claims().sub.as_str();
        let client = self.logto().client();
        let issued = self.access_token_ssr(TokenTarget::USER_INFO).await?;
        match client.user_info(&issued.token, sub).await {
            // The token was revoked before it expired: retry with a new one.
            Err(UserInfoError::InvalidToken) if !issued.refreshed => {
                self.renew_claims(false).await?;
                let issued = self.access_token_ssr(TokenTarget::USER_INFO).await?;
                Ok(client.user_info(&issued.token, sub).await?)
            }
            result => Ok(result?),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Request;
    use logto::LogtoConfig;
    use tower_cookies::Cookies;

    use super::*;
    use crate::{Logto, WebConfig, cookie::header::SentCookies};

    /// Rendering moves the futures of a page many times, so rare branches are boxed.
    #[tokio::test]
    async fn the_futures_that_a_page_holds_are_small() {
        let logto = Logto::new(
            LogtoConfig::new("https://logto.example.com", "app", "secret"),
            WebConfig::new("https://app.example.com", ["0123456789abcdef0123456789abcdef".into()]),
        )
        .unwrap();
        let site = logto.shared.sites.of(&Request::new(()));
        let session = AuthSession::new(
            logto,
            site,
            SentCookies::default(),
            Cookies::default(),
            None,
            &Request::new(()),
        );
        for (name, size) in [
            ("session", size_of_val(&session.session())),
            ("id_token", size_of_val(&session.id_token())),
            ("context", size_of_val(&session.context(ContextOptions::default()))),
            (
                "access_token",
                size_of_val(&session.access_token(TokenTarget::USER_INFO)),
            ),
            ("user", size_of_val(&session.user())),
            ("require", size_of_val(&session.require(crate::role("admin")))),
            ("renew_claims", size_of_val(&session.renew_claims(true))),
            ("renew_expiring", size_of_val(&session.renew_expiring())),
        ] {
            assert!(size <= 4096, "{name}: {size} bytes");
        }
    }
}
