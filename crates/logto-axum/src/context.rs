//! Who is signed in, in one call.

use logto::{
    IdTokenClaims, TokenTarget, UserInfo, UserInfoError,
    session::{Session, SessionState},
};
use serde_json::{Map, Value};

use crate::{error::AuthError, session::AuthSession};

/// What to find out beyond what the session holds. Each costs a request to the provider.
#[doc(alias = "GetContextParameters")]
#[derive(Clone, Copy, Debug, Default)]
pub struct ContextOptions {
    /// Ask for userinfo: custom data, identities, organization data, and claims that changed since the sign-in.
    #[doc(alias = "fetchUserInfo")]
    pub fetch_user_info: bool,
    /// Renew the ID token although it is valid yet, so that the claims are of this moment.
    pub fresh_claims: bool,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct LogtoContext {
    /// How the session stands.
    pub state: SessionState,
    /// The claims of the ID token, when signed in.
    pub claims: Option<IdTokenClaims>,
    /// The same as they stand in the token: `null`s and unknown claims included.
    pub claim_map: Map<String, Value>,
    /// Userinfo, when it was asked for and the user is signed in.
    pub user_info: Option<UserInfo>,
}

impl LogtoContext {
    /// Whether the user is signed in.
    #[doc(alias = "isAuthenticated")]
    #[must_use]
    pub fn is_authenticated(&self) -> bool {
        self.state.is_authenticated()
    }
}

impl AuthSession {
    /// Who is signed in. An ID token past its time is renewed first; while the provider cannot be reached the state is
    /// [`SessionState::Stale`] and the claims are the old ones.
    ///
    /// # Errors
    ///
    /// When userinfo or fresh claims were asked for and cannot be had. That nobody is signed in is no error.
    #[doc(alias = "getLogtoContext")]
    pub async fn context(&self, options: ContextOptions) -> Result<LogtoContext, AuthError> {
        match self.state().await? {
            SessionState::Stale => match self.renew_claims().await {
                Err(error) if options.fresh_claims && error != AuthError::SignInNeeded => return Err(error),
                _ => {}
            },
            SessionState::Active if options.fresh_claims => match self.renew_claims().await {
                Err(AuthError::SignInNeeded) | Ok(()) => {}
                Err(error) => return Err(error),
            },
            _ => {}
        }
        let state = self.state().await?;
        let Some(session) = self.session().await?.filter(|_| state.is_authenticated()) else {
            return Ok(LogtoContext {
                state,
                claims: None,
                claim_map: Map::new(),
                user_info: None,
            });
        };
        let user_info = if options.fetch_user_info {
            Some(self.user_info(&session).await?)
        } else {
            None
        };
        Ok(LogtoContext {
            state,
            claims: Some(session.id_token().claims().clone()),
            claim_map: session.id_token().claim_map(),
            user_info,
        })
    }

    async fn user_info(&self, session: &Session) -> Result<UserInfo, AuthError> {
        let sub = session.id_token().claims().sub.as_str();
        let client = self.logto().client();
        let issued = self.access_token_ssr(TokenTarget::USER_INFO).await?;
        match client.user_info(&issued.token, sub).await {
            // Revoked before its time: a new one may do.
            Err(UserInfoError::InvalidToken) if !issued.refreshed => {
                self.renew_claims().await?;
                let issued = self.access_token_ssr(TokenTarget::USER_INFO).await?;
                Ok(client.user_info(&issued.token, sub).await?)
            }
            result => Ok(result?),
        }
    }
}
