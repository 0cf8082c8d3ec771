//! A sign-in that an app may refuse, and the decision that it becomes a session.

use std::{fmt, sync::Arc};

use logto::{
    IdTokenClaims, LogtoClient, Timestamp, TokenTarget, UserInfo, UserInfoError,
    session::{AppData, Session, SessionId},
};

/// A sign-in that the provider has confirmed, before its session begins. The `Debug` output has no
/// tokens and no claims.
#[derive(Clone)]
pub struct SignInEvent {
    client: LogtoClient,
    session: Arc<Session>,
    sign_in_started: Timestamp,
}

impl SignInEvent {
    /// `sign_in_started` is when the user left for the provider.
    pub(super) fn new(client: LogtoClient, session: Arc<Session>, sign_in_started: Timestamp) -> Self {
        Self {
            client,
            session,
            sign_in_started,
        }
    }

    /// Returns the id of the user: the claim `sub`.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.claims().sub
    }

    /// Returns the claims of the verified ID token.
    #[must_use]
    pub fn claims(&self) -> &IdTokenClaims {
        self.session.id_token().claims()
    }

    /// Whether Logto created the account during this sign-in. `None` if the ID token lacks the
    /// claim `created_at`.
    ///
    /// It says nothing about this app: a user may have an account at Logto for another one. Whether
    /// the user is new here depends on the app's own database; look up [`SignInEvent::user_id`].
    #[must_use]
    pub fn is_new_account(&self) -> Option<bool> {
        let created = self.claims().profile.created_at?.timestamp();
        let tolerance = self.client.config().clock_tolerance();
        Some(created >= self.sign_in_started.minus(tolerance))
    }

    /// Requests userinfo from the provider: custom data, identities, and all claims that the scopes
    /// allow.
    ///
    /// # Errors
    ///
    /// If the provider is unavailable, or refuses.
    pub async fn user_info(&self) -> Result<UserInfo, UserInfoError> {
        let token = self.session.valid_token(&TokenTarget::USER_INFO, self.client.now());
        let token = token.ok_or(UserInfoError::InvalidToken)?;
        self.client.user_info(token, self.user_id()).await
    }

    /// Returns the session that begins if the hook allows it, with the tokens of the sign-in: the
    /// ID token, the refresh token, and an access token for userinfo.
    ///
    /// Do not use the refresh token here: the session would begin with one that is used up.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Returns the id of the session, for [`Logto::end_session`](crate::Logto::end_session).
    #[must_use]
    pub fn session_id(&self) -> SessionId {
        self.session.id()
    }

    /// Returns the protocol client. With several tenants, its configuration says which one the user
    /// signs in to.
    #[must_use]
    pub fn client(&self) -> &LogtoClient {
        &self.client
    }
}

impl fmt::Debug for SignInEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInEvent")
            .field("user_id", &self.user_id())
            .finish_non_exhaustive()
    }
}

/// The decision that a sign-in becomes a session. `()` and [`AppData`] convert into it.
#[derive(Clone, Debug, Default)]
pub struct SignInApproval {
    pub(super) data: Option<AppData>,
}

impl SignInApproval {
    /// Approves the sign-in, without app data.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the data that the session begins with.
    #[must_use]
    pub fn with_data(mut self, data: AppData) -> Self {
        self.data = Some(data);
        self
    }
}

impl From<()> for SignInApproval {
    fn from((): ()) -> Self {
        Self::new()
    }
}

impl From<AppData> for SignInApproval {
    fn from(data: AppData) -> Self {
        Self::new().with_data(data)
    }
}
