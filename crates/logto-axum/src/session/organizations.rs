//! The user's organizations, and their tokens.

use logto::{Diagnose as _, TokenTarget, UserScope};

use crate::{
    error::SessionError,
    session::{AuthSession, context::ContextOptions, tokens::IssuedToken},
};

/// A token for one organization, or the reason why there is none.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrganizationToken {
    /// The id of the organization.
    pub organization_id: String,
    /// The token, or the error. An `access_denied` concerns this organization only; for example,
    /// the provider sends it if the organization requires multi-factor authentication and the user
    /// has not set it up.
    pub token: Result<IssuedToken, SessionError>,
}

impl AuthSession {
    /// Returns the ids of the user's organizations, from the ID token or, if it has no such claim,
    /// from userinfo.
    ///
    /// A tenant can exclude the claim from ID tokens, so a missing claim does not mean that there
    /// are no organizations. Without the scope [`UserScope::Organizations`] the list is empty, and
    /// no request is made.
    ///
    /// # Errors
    ///
    /// [`SessionError::NotSignedIn`] or [`SessionError::SignInNeeded`] without a live session,
    /// [`SessionError::AccessDenied`] if the user currently may not use the application, and the
    /// errors of userinfo if it is needed.
    pub async fn organizations(&self) -> Result<Vec<String>, SessionError> {
        let Some(id_token) = self.id_token().await? else {
            return Err(SessionError::without_user(self.state().await?));
        };
        if let Some(ids) = &id_token.claims().profile.organizations {
            return Ok(ids.clone());
        }
        let scopes = self.logto().client().config().scopes();
        if !scopes.iter().any(|scope| scope == UserScope::Organizations.as_str()) {
            return Ok(Vec::new());
        }
        let context = self.context(ContextOptions::default().with_user_info(true)).await?;
        let user_info = context.user_info.ok_or(SessionError::without_user(context.state))?;
        Ok(user_info.profile.organizations.unwrap_or_default())
    }

    /// Returns a token for each of the user's organizations, as [`AuthSession::access_token_ssr`] does.
    ///
    /// # Errors
    ///
    /// Errors that concern all organizations: those of [`AuthSession::organizations`], and
    /// [`SessionError::Store`]. Others are in [`OrganizationToken::token`].
    #[doc(alias = "getOrganizationTokens")]
    pub async fn organization_tokens(&self) -> Result<Vec<OrganizationToken>, SessionError> {
        let mut tokens = Vec::new();
        let mut unavailable = None;
        for organization_id in self.organizations().await? {
            let token = match &unavailable {
                // The provider is down: each further request would run into the timeout.
                Some(error) => Err(SessionError::clone(error)),
                None => self.access_token_ssr(TokenTarget::organization(&organization_id)).await,
            };
            match &token {
                Err(error @ SessionError::Token(_)) if error.is_transient() => unavailable = Some(error.clone()),
                Ok(_) | Err(SessionError::Token(_)) => {}
                Err(error) => return Err(error.clone()),
            }
            tokens.push(OrganizationToken { organization_id, token });
        }
        Ok(tokens)
    }
}
