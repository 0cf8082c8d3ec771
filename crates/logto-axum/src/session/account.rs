//! The user's account at Logto.

use logto::{
    AccessToken, AccountClient, AccountError, AccountErrorKind, ExposeSecret as _, OAuthError, TokenError, TokenTarget,
    account::{AccountCenter, RenewAccountToken, RenewedToken},
};

use crate::{error::SessionError, return_to::ReturnTo, session::AuthSession};

impl AuthSession {
    /// Returns a client for the account of the signed-in user: [`mod@logto::account`].
    ///
    /// It uses the session's opaque access token, refreshed if needed. If Logto rejects that token,
    /// it is refreshed once, and the call repeated. The token is saved as
    /// [`access_token`](AuthSession::access_token) does, and never leaves the client.
    ///
    /// ```
    /// use logto_axum::{AuthSession, SessionError, account::AccountUpdate};
    ///
    /// async fn rename(session: AuthSession) -> Result<(), SessionError> {
    ///     let update = AccountUpdate::new().with_name("Ada Lovelace");
    ///     session.account().await?.update(&update).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Like [`AuthSession::access_token_ssr`]. The calls of the client fail with an
    /// [`AccountError`], which `?` turns into a [`SessionError`].
    pub async fn account(&self) -> Result<AccountClient, SessionError> {
        let issued = self.access_token_ssr(TokenTarget::USER_INFO).await?;
        let client = self.logto().client().account(issued.token);
        Ok(client.with_renewal(Renewal(self.clone())))
    }

    /// Returns the URL of a page of Logto's account center, for a link. A redirect that begins with
    /// `/` leads to that path of this app, at the address of the request.
    ///
    /// ```
    /// use logto_axum::{AuthSession, SessionError, account::AccountCenter};
    ///
    /// fn change_password(session: &AuthSession) -> Result<String, SessionError> {
    ///     session.account_center_url(AccountCenter::password().with_redirect("/account"))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::InvalidParameter`] if the redirect is neither a path of this app nor an
    /// absolute http(s) URL, or a connector's id is not plain.
    pub fn account_center_url(&self, page: AccountCenter) -> Result<String, SessionError> {
        let page = match page.redirect().and_then(ReturnTo::parse) {
            Some(path) => page.with_redirect(self.address().return_address(&path)),
            None => page,
        };
        Ok(self.logto().client().account_center_url(&page)?.into())
    }
}

/// Refreshes the token of the session.
struct Renewal(AuthSession);

impl RenewAccountToken for Renewal {
    fn renew<'a>(&'a self, rejected: &'a AccessToken) -> RenewedToken<'a> {
        Box::pin(async move { renewed(&self.0, rejected).await.map_err(token_error) })
    }
}

async fn renewed(session: &AuthSession, rejected: &AccessToken) -> Result<AccessToken, SessionError> {
    let issued = session.access_token_ssr(TokenTarget::USER_INFO).await?;
    // Another call of this request may have refreshed the token meanwhile.
    if issued.token.secret.expose_secret() != rejected.secret.expose_secret() {
        return Ok(issued.token);
    }
    session.renew_claims(false).await?;
    Ok(session.access_token_ssr(TokenTarget::USER_INFO).await?.token)
}

/// The error for the client, which knows no sessions.
fn token_error(error: SessionError) -> TokenError {
    match error {
        SessionError::Token(error) => error,
        SessionError::Store(error) => error.into(),
        SessionError::AccessDenied => TokenError::AccessDenied,
        _ => TokenError::Refused(OAuthError::InvalidGrant),
    }
}

/// A rejected token, and an ended grant, need a sign-in.
impl From<AccountError> for SessionError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Token(TokenError::AccessDenied) => Self::AccessDenied,
            AccountError::Token(TokenError::Store(error)) => Self::Store(error),
            error if error.kind() == AccountErrorKind::Unauthorized => Self::SignInNeeded,
            AccountError::Token(error) => error.into(),
            error => Self::Account(error),
        }
    }
}
