//! The active organization of the session.

use logto::{UserScope, session::SessionChange};

use crate::{
    error::{RequirementProblem, SessionError},
    session::{AuthSession, context::ContextOptions},
};

impl AuthSession {
    /// Returns the id of the organization that the user works in at present, or `None`.
    ///
    /// It is kept in the session. A token function uses it only if it is asked to, with
    /// [`TokenTarget::active_organization`](crate::TokenTarget::active_organization) or
    /// [`TokenTarget::in_active_organization`](crate::TokenTarget::in_active_organization), unless
    /// the app has switched on
    /// [`WebConfig::with_active_organization_by_default`](crate::WebConfig::with_active_organization_by_default).
    /// An organization that the ID token no longer names is not active. An expired ID token is
    /// refreshed first.
    ///
    /// If the tenant leaves the claim `organizations` out of ID tokens, the membership is checked
    /// only when the organization is set, and a user who leaves the organization keeps it active.
    /// Before you read data of the organization, check the membership with
    /// [`AuthSession::require`] and [`organization`](crate::organization), which asks userinfo, or
    /// request a token, which the provider refuses.
    ///
    /// # Errors
    ///
    /// [`SessionError::Store`] if the session store is unavailable.
    pub async fn active_organization(&self) -> Result<Option<String>, SessionError> {
        self.renew_stale().await;
        let (state, session) = self.state_and_session().await?;
        let session = session.filter(|_| state.is_authenticated());
        Ok(session.and_then(|session| session.active_organization().map(str::to_owned)))
    }

    /// Sets the active organization, which has to be one of the user's, or removes it. It needs the
    /// scope `urn:logto:scope:organizations`.
    ///
    /// If the claims do not name the organization, they are refreshed first, because the user may
    /// have joined it after the sign-in.
    ///
    /// # Errors
    ///
    /// - [`SessionError::NotInOrganization`] if the user is not a member;
    /// - [`SessionError::RequirementNotConfigured`] if the scope is not configured;
    /// - the errors of [`AuthSession::organizations`] and [`AuthSession::set_data`], except for
    ///   those of the data.
    pub async fn set_active_organization(&self, id: Option<&str>) -> Result<(), SessionError> {
        self.live_session().await?;
        if let Some(id) = id {
            Box::pin(self.check_membership(id)).await?;
        }
        let id = id.map(str::to_owned);
        self.change(SessionChange::ActiveOrganization(id)).await.map(drop)
    }

    async fn check_membership(&self, id: &str) -> Result<(), SessionError> {
        let scope = UserScope::Organizations.as_str();
        let mut scopes = self.logto().client().config().scopes().iter();
        if !scopes.any(|requested| requested == scope) {
            return Err(RequirementProblem::ScopeMissing(scope.to_owned()).into());
        }
        if self.is_in(id).await? {
            return Ok(());
        }
        // Without the claim, userinfo has decided, which is current. Without a refresh token, the
        // claims cannot be renewed.
        let may_be_outdated = self.session().await?.is_some_and(|session| {
            session.refresh_token().is_some() && session.id_token().claims().profile.organizations.is_some()
        });
        if may_be_outdated {
            self.context(ContextOptions::default().with_fresh_claims(true)).await?;
            if self.is_in(id).await? {
                return Ok(());
            }
        }
        Err(SessionError::NotInOrganization)
    }

    async fn is_in(&self, id: &str) -> Result<bool, SessionError> {
        Ok(self.organizations().await?.iter().any(|known| known == id))
    }
}
