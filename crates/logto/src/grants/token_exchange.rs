//! Token exchange (RFC 8693): impersonation, personal access tokens, and access tokens.

use std::collections::BTreeSet;

use super::token_request::{Credentials, GrantRequest, check};
use crate::{
    client::LogtoClient,
    error::GrantError,
    secret::{ExposeSecret as _, SecretString},
    token::{AccessToken, TokenTarget},
};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// The type of the token that is exchanged (`subject_token_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubjectTokenType {
    /// An access token of a user, opaque or a JWT (since Logto 1.38). It can be exchanged again and
    /// again. Since 1.19 Logto also takes subject tokens (`sub_…`) as this type.
    AccessToken,
    /// A subject token (`sub_…`), which a Management API call creates; for one exchange, within 10
    /// minutes (since Logto 1.38).
    Impersonation,
    /// A personal access token (`pat_…`), until it expires or is deleted (since Logto 1.20).
    PersonalAccessToken,
}

impl SubjectTokenType {
    /// The URN in the request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => ACCESS_TOKEN,
            Self::Impersonation => "urn:logto:token-type:impersonation_token",
            Self::PersonalAccessToken => "urn:logto:token-type:personal_access_token",
        }
    }
}

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// A token exchange: the token, the target and the scopes of the new one.
///
/// **Ask for scopes.** Logto grants none that are not asked for. Neither the audience nor the scopes
/// of the exchanged token limit the new one: it has the user's permissions.
///
/// ```
/// use logto::{TokenExchange, TokenTarget};
///
/// let exchange = TokenExchange::impersonation("sub_…")
///     .with_target(TokenTarget::resource("https://api.example.com"))
///     .with_scopes(["read:orders"]);
/// # let _ = exchange;
/// ```
#[derive(Clone, Debug)]
pub struct TokenExchange {
    pub(super) subject: SecretString,
    subject_type: SubjectTokenType,
    actor: Option<SecretString>,
    pub(super) target: TokenTarget,
    pub(super) scopes: BTreeSet<String>,
}

impl TokenExchange {
    /// Creates an exchange of a token of this type, for a token of userinfo without scopes.
    #[must_use]
    pub fn new(subject_token: impl Into<SecretString>, subject_type: SubjectTokenType) -> Self {
        Self {
            subject: subject_token.into(),
            subject_type,
            actor: None,
            target: TokenTarget::USER_INFO,
            scopes: BTreeSet::new(),
        }
    }

    /// Creates an exchange of a subject token (`sub_…`): impersonation.
    #[must_use]
    pub fn impersonation(subject_token: impl Into<SecretString>) -> Self {
        Self::new(subject_token, SubjectTokenType::Impersonation)
    }

    /// Creates an exchange of a personal access token (`pat_…`).
    #[must_use]
    pub fn personal_access_token(token: impl Into<SecretString>) -> Self {
        Self::new(token, SubjectTokenType::PersonalAccessToken)
    }

    /// Creates an exchange of a user's access token, for the call of another API.
    ///
    /// Verify a token from outside first: Logto 1.42 also accepts an ID token here, and tokens for
    /// any audience.
    #[must_use]
    pub fn access_token(token: impl Into<SecretString>) -> Self {
        Self::new(token, SubjectTokenType::AccessToken)
    }

    /// Sets the actor: the opaque access token, with `openid`, of the user who acts. The new token
    /// names that user in [`act`](crate::AccessTokenClaims::act).
    #[must_use]
    pub fn with_actor(mut self, access_token: impl Into<SecretString>) -> Self {
        self.actor = Some(access_token.into());
        self
    }

    /// Sets the target of the new token. Without one it is opaque, for userinfo.
    #[must_use]
    pub fn with_target(mut self, target: TokenTarget) -> Self {
        self.target = target;
        self
    }

    /// Adds scopes to ask for.
    #[must_use]
    pub fn with_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes.extend(scopes.into_iter().map(Into::into));
        self
    }

    pub(super) async fn send(&self, client: &LogtoClient, app: &Credentials) -> Result<AccessToken, GrantError> {
        check(&self.target)?;
        let tokens = [Some(&self.subject), self.actor.as_ref()];
        if tokens
            .into_iter()
            .flatten()
            .any(|token| token.expose_secret().is_empty())
        {
            return Err(GrantError::SubjectRejected);
        }
        let mut form = GrantRequest::new(GRANT_TYPE)
            .with("subject_token", self.subject.expose_secret())
            .with("subject_token_type", self.subject_type.as_str())
            .for_target(&self.target, &self.scopes);
        if let Some(actor) = &self.actor {
            form = form
                .with("actor_token", actor.expose_secret())
                .with("actor_token_type", ACCESS_TOKEN);
        }
        form.send(client, app).await
    }
}

impl LogtoClient {
    /// Exchanges a token for one of the same user for another target (RFC 8693).
    ///
    /// The new token has no refresh token, and is not cached. Its
    /// [`scopes`](AccessToken::scopes) are the requested scopes that the user has.
    ///
    /// The app's setting "Allow token exchange" has to be on (since Logto 1.36 it is off for new
    /// apps).
    ///
    /// # Errors
    ///
    /// [`GrantError::SubjectRejected`] if Logto does not accept the token,
    /// [`GrantError::UserDenied`] if the user may not use the app,
    /// [`GrantError::OrganizationDenied`] if the user is not a member of the organization,
    /// [`GrantError::NotAllowed`] if the app may not exchange tokens.
    pub async fn exchange_token(&self, exchange: &TokenExchange) -> Result<AccessToken, GrantError> {
        let app = Credentials {
            app_id: self.config().app_id().to_owned(),
            app_secret: self.config().app_secret().cloned(),
        };
        exchange.send(self, &app).await
    }
}
