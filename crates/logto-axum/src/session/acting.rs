//! Acting as another user, by token exchange (RFC 8693).

use logto::{
    AccessToken, Diagnose as _, GrantError, SecretString, TokenExchange, TokenTarget, UserInfoError, UserScope,
    session::{ActingAs, Session, SessionChange},
};

use crate::{
    error::SessionError,
    session::{AuthSession, tokens::IssuedToken},
};

/// The scopes of the kept token, if the app requests them too, for the name of the other user.
const PROFILE: [&str; 2] = ["profile", UserScope::Email.as_str()];

impl AuthSession {
    /// Lets the user of the session act as another user.
    ///
    /// **The app decides who may act as whom: check it before this call.** Acting ends when the
    /// exchanged token expires (after an hour by default), with
    /// [`stop_acting`](AuthSession::stop_acting), a sign-out, another sign-in, the end of the
    /// grant, or when Logto denies the user access to the app. If the user is already acting, the
    /// new user replaces the other one.
    ///
    /// `subject_token` comes from
    /// [`ManagementClient::create_subject_token`](logto::ManagementClient::create_subject_token).
    /// The session still belongs to its own user: [`User`](crate::User), requirements,
    /// [`account`](AuthSession::account) and [`access_token`](AuthSession::access_token) do not
    /// change. Only [`access_token_as`](AuthSession::access_token_as) returns tokens of the other
    /// user.
    ///
    /// The app needs the setting "Allow token exchange" in the Logto console.
    ///
    /// ```
    /// use logto_axum::{AuthSession, ManagementClient, role};
    ///
    /// async fn act_as(
    ///     session: AuthSession,
    ///     management: ManagementClient,
    ///     user_id: &str,
    /// ) -> Result<(), Box<dyn std::error::Error>> {
    ///     session.require(role("support")).await?;
    ///     let subject = management.create_subject_token(user_id).await?;
    ///     session.act_as(user_id, subject.secret).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// If it fails, nothing is saved, and the user continues to act as before.
    ///
    /// - [`SessionError::ActingAsSelf`] if `user_id` is the session's own user;
    /// - [`SessionError::SubjectTokenMismatch`] if the subject token belongs to another user than
    ///   `user_id`;
    /// - [`SessionError::Exchange`] if the app may not exchange tokens, the subject token is used
    ///   or has expired, or its user is suspended or may not use the app;
    /// - [`SessionError::UserInfo`] if Logto's userinfo is unavailable;
    /// - the errors of [`AuthSession::access_token`], because the user's own token names the actor;
    /// - the errors of [`AuthSession::set_data`], except for those of the data.
    pub async fn act_as(
        &self,
        user_id: &str,
        subject_token: impl Into<SecretString>,
    ) -> Result<ActingAs, SessionError> {
        Box::pin(self.start_acting(user_id, subject_token.into())).await
    }

    async fn start_acting(&self, user_id: &str, subject: SecretString) -> Result<ActingAs, SessionError> {
        self.check_saveable()?;
        let session = self.live_session().await?;
        if session.id_token().claims().sub == user_id {
            return Err(SessionError::ActingAsSelf);
        }
        let scopes = self.logto().client().config().scopes().iter().map(String::as_str);
        let scopes = scopes.filter(|scope| PROFILE.contains(scope)).chain(["openid"]);
        let exchange = TokenExchange::impersonation(subject).with_scopes(scopes);
        let token = self.exchange(exchange).await?;
        let outcome = self.save_acting(user_id, &token).await;
        if outcome.is_err() {
            self.revoke_exchanged(&token.secret).await;
        }
        outcome
    }

    async fn save_acting(&self, user_id: &str, token: &AccessToken) -> Result<ActingAs, SessionError> {
        let user_info = self.logto().client().user_info(token, user_id).await;
        let user_info = user_info.map_err(|error| match error {
            UserInfoError::SubjectMismatch => SessionError::SubjectTokenMismatch,
            UserInfoError::InvalidToken => GrantError::SubjectRejected.into(),
            error => error.into(),
        })?;
        let name = user_info.profile.display_name().map(str::to_owned);
        let acting = ActingAs::new(user_id, name, token.secret.clone(), token.expires);
        let before = self.change(SessionChange::ActingAs(Some(acting.clone()))).await?;
        self.revoke_acting(&before).await;
        Ok(acting)
    }

    /// Returns the other user that the user acts as, or `None`. Sends no request to Logto.
    ///
    /// Show it on every page, with a button that calls [`stop_acting`](AuthSession::stop_acting).
    ///
    /// # Errors
    ///
    /// The same as [`AuthSession::state`].
    pub async fn acting_as(&self) -> Result<Option<ActingAs>, SessionError> {
        let (state, session) = self.state_and_session().await?;
        let session = session.filter(|_| state.is_authenticated());
        Ok(session.and_then(|session| self.acting_in(&session).cloned()))
    }

    /// Returns an access token of the other user for an API.
    ///
    /// `user_id` names the user that the page or the form has shown, because another tab may have
    /// chosen another user since, or stopped acting. The token has those of the scopes that the
    /// other user has. Logto grants no scopes that are not asked for.
    ///
    /// The claim [`act`](logto::AccessTokenClaims::act) of a JWT names the user of the session. The
    /// permissions of the agent do not limit it, and the active organization of the session does
    /// not apply to it. The first call for a target and scopes requests a token from Logto (1.38 or
    /// newer). It stays in the memory of the process until a minute before it expires, or until
    /// acting ends, and not in the session, so this works while a page streams too.
    ///
    /// # Errors
    ///
    /// - [`SessionError::NotActing`] if the user is not acting as the user `user_id`: acting has
    ///   ended, or the user now acts as another user. Do not fall back to the agent's own token;
    /// - [`SessionError::Exchange`] if the kept token was revoked, the other user is suspended, may
    ///   not use the app or is not a member of the organization, or Logto is older than 1.38;
    /// - the errors of [`AuthSession::access_token_ssr`], because the user's own token names the
    ///   actor.
    pub async fn access_token_as<S: Into<String>>(
        &self,
        user_id: &str,
        target: TokenTarget,
        scopes: impl IntoIterator<Item = S>,
    ) -> Result<IssuedToken, SessionError> {
        let session = self.live_session().await?;
        let acting = self.acting_in(&session).filter(|acting| acting.user_id == user_id);
        let acting = acting.ok_or(SessionError::NotActing)?;
        let exchange = TokenExchange::access_token(acting.token().clone());
        let exchange = exchange.with_target(target.clone()).with_scopes(scopes);
        let cached = self.shared().acting_tokens.cached(&exchange);
        let refreshed = cached.is_none();
        let token = match cached {
            Some(token) => token,
            None => Box::pin(self.exchange_kept(exchange)).await?,
        };
        Ok(IssuedToken {
            token,
            target,
            refreshed,
        })
    }

    /// Ends acting as another user and revokes the exchanged token. A no-op if the user is not
    /// acting.
    ///
    /// Tokens of [`access_token_as`](AuthSession::access_token_as) that an API has received before
    /// remain valid until they expire. If the revocation fails, acting ends nevertheless.
    ///
    /// # Errors
    ///
    /// The errors of [`AuthSession::state`] and, if the user is acting, those of
    /// [`AuthSession::set_data`], except for those of the data.
    pub async fn stop_acting(&self) -> Result<(), SessionError> {
        self.check_saveable()?;
        if self.acting_as().await?.is_none() {
            return Ok(());
        }
        Box::pin(async {
            let before = self.change(SessionChange::ActingAs(None)).await?;
            self.revoke_acting(&before).await;
            Ok(())
        })
        .await
    }

    /// Exchanges a token, with the session's own user as the actor: there are no chains of actors.
    async fn exchange(&self, exchange: TokenExchange) -> Result<AccessToken, SessionError> {
        let own = self.access_token_ssr(TokenTarget::USER_INFO).await?;
        let exchange = exchange.with_actor(own.token.secret);
        Ok(self.logto().client().exchange_token(&exchange).await?)
    }

    /// Exchanges the kept token. Logto also rejects the exchange if the actor's token was revoked,
    /// so this is tried once more with a new one. If the user's own grant has ended, that error
    /// shows.
    async fn exchange_kept(&self, exchange: TokenExchange) -> Result<AccessToken, SessionError> {
        let tokens = &self.shared().acting_tokens;
        let own = self.access_token_ssr(TokenTarget::USER_INFO).await?;
        match tokens.exchange(exchange.clone().with_actor(own.token.secret)).await {
            Err(GrantError::SubjectRejected) if !own.refreshed => {
                let own = self.access_token_ssr(TokenTarget::USER_INFO.fresh()).await?;
                Ok(tokens.exchange(exchange.with_actor(own.token.secret)).await?)
            }
            outcome => Ok(outcome?),
        }
    }

    fn acting_in<'a>(&self, session: &'a Session) -> Option<&'a ActingAs> {
        session.acting_as(self.logto().client().now())
    }

    /// Revokes the exchanged token in a session in which acting has ended.
    pub(crate) async fn revoke_acting(&self, ended: &Session) {
        if let Some(acting) = self.acting_in(ended) {
            self.revoke_exchanged(acting.token()).await;
        }
    }

    /// Revokes the token of another user, and drops the tokens that were issued for it. Its grant
    /// has no other tokens.
    async fn revoke_exchanged(&self, token: &SecretString) {
        self.shared().acting_tokens.forget(token);
        if let Err(error) = self.logto().client().revoke_access_token(token).await {
            tracing::warn!(
                code = error.code(),
                "the token for acting as another user could not be revoked; it expires by itself"
            );
        }
    }
}
