//! The user's organizations, and a token for each.

use logto::{Diagnose as _, TokenTarget, UserScope};

use crate::{error::AuthError, session::AuthSession, session::context::ContextOptions, session::tokens::IssuedToken};

/// What became of the request for a token for one organization.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrganizationToken {
    /// The organization's id.
    pub organization_id: String,
    /// The token, or why there is none. The provider refuses (`access_denied`), for example, while
    /// the organization demands multi-factor authentication and the user has none: that concerns
    /// this organization only.
    pub token: Result<IssuedToken, AuthError>,
}

impl AuthSession {
    /// Ids of the user's organizations: from the ID token or, if that does not tell, from userinfo.
    ///
    /// A tenant can take the claim out of ID tokens, and a missing claim is not an empty one. None
    /// without a request to the provider when the app does not ask for the scope
    /// [`UserScope::Organizations`].
    ///
    /// # Errors
    ///
    /// When nobody is signed in, the user may not use the application at present
    /// ([`AuthError::AccessDenied`]), or userinfo is needed and unavailable.
    pub async fn organizations(&self) -> Result<Vec<String>, AuthError> {
        let Some(id_token) = self.id_token().await? else {
            return Err(AuthError::without_user(self.state().await?));
        };
        if let Some(ids) = &id_token.claims().profile.organizations {
            return Ok(ids.clone());
        }
        let scopes = self.logto().client().config().scopes();
        if !scopes.iter().any(|scope| scope == UserScope::Organizations.as_str()) {
            return Ok(Vec::new());
        }
        let context = self.context(ContextOptions::default().with_user_info(true)).await?;
        let user_info = context.user_info.ok_or(AuthError::without_user(context.state))?;
        Ok(user_info.profile.organizations.unwrap_or_default())
    }

    /// A token for each of the user's organizations, as [`AuthSession::access_token`], with one
    /// result for each.
    ///
    /// # Errors
    ///
    /// Only what concerns all of them: nobody is signed in, the organizations are not known, the
    /// response has begun, or the session store does not answer.
    #[doc(alias = "getOrganizationTokens")]
    pub async fn organization_tokens(&self) -> Result<Vec<OrganizationToken>, AuthError> {
        let mut tokens = Vec::new();
        let mut unavailable = None;
        for organization_id in self.organizations().await? {
            let token = match &unavailable {
                // The provider is down for all of them: each would wait for the same time limit.
                Some(error) => Err(AuthError::clone(error)),
                None => self.access_token(TokenTarget::organization(&organization_id)).await,
            };
            match &token {
                Err(error @ AuthError::Token(_)) if error.is_transient() => unavailable = Some(error.clone()),
                Ok(_) | Err(AuthError::Token(_)) => {}
                Err(error) => return Err(error.clone()),
            }
            tokens.push(OrganizationToken { organization_id, token });
        }
        Ok(tokens)
    }
}
