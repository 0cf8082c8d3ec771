//! The facts about the user of a request: from the ID token, userinfo and access tokens.

use std::{collections::BTreeMap, time::Duration};

use logto::{OAuthError, ProfileClaims, ReservedResource, TokenError, TokenTarget, UserInfo, UserScope};
use logto_requirements::{Fact, Facts, ScopeTarget};

use crate::{
    error::{RequirementProblem, SessionError},
    session::{AuthSession, context::ContextOptions},
    user::User,
};

pub(super) struct KnownFacts<'a> {
    auth: &'a AuthSession,
    user: &'a User,
    /// Whether the ID token has expired: its lists may be out of date.
    is_stale: bool,
    /// Requested if a list is missing.
    user_info: Option<UserInfo>,
    scopes: BTreeMap<ScopeTarget, Vec<String>>,
}

impl<'a> KnownFacts<'a> {
    pub(super) fn of(auth: &'a AuthSession, user: &'a User) -> Self {
        Self {
            auth,
            user,
            is_stale: user.claims().exp <= auth.logto().client().now(),
            user_info: None,
            scopes: BTreeMap::new(),
        }
    }

    pub(super) fn facts(&self) -> Facts<'_> {
        let mut facts = Facts::signed_in();
        if let Some(age) = self.authenticated_ago() {
            facts = facts.with_authenticated_ago(age);
        }
        if let Some(roles) = self.list(|claims| &claims.roles) {
            facts = facts.with_roles(roles);
        }
        if let Some(ids) = self.list(|claims| &claims.organizations) {
            facts = facts.with_organizations(ids);
        }
        if let Some(id) = self.user.active_organization() {
            facts = facts.with_active_organization(id);
        }
        if let Some(roles) = self.list(|claims| &claims.organization_roles) {
            facts = facts.with_organization_roles(roles);
        }
        for (target, scopes) in &self.scopes {
            facts = facts.with_scopes(target, scopes);
        }
        facts
    }

    /// A list of userinfo, if it was requested, or else of the ID token. Userinfo has all lists, so
    /// a missing one is empty there.
    fn list(&self, claim: impl Fn(&ProfileClaims) -> &Option<Vec<String>>) -> Option<&[String]> {
        match &self.user_info {
            Some(user_info) => Some(claim(&user_info.profile).as_deref().unwrap_or_default()),
            None if self.is_stale => None,
            None => claim(&self.user.claims().profile).as_deref(),
        }
    }

    /// The callback verifies `auth_time` with the clock tolerance, so it is added here too:
    /// otherwise a user whose sign-in was accepted there would have to sign in again.
    ///
    /// A session never counts as newer than its sign-in, whatever a refreshed ID token says.
    fn authenticated_ago(&self) -> Option<Duration> {
        let session = &self.user.session;
        let authenticated = session.id_token().claims().auth_time?.min(session.started());
        let client = self.auth.logto().client();
        let earliest = client.now().minus(client.config().clock_tolerance());
        Some(Duration::from_secs(earliest.seconds_since(authenticated)))
    }

    pub(super) async fn learn(&mut self, fact: &Fact) -> Result<(), SessionError> {
        match fact {
            Fact::Roles => self.request_user_info(UserScope::Roles).await,
            Fact::Organizations => self.request_user_info(UserScope::Organizations).await,
            Fact::OrganizationRoles => self.request_user_info(UserScope::OrganizationRoles).await,
            Fact::Scopes(target) => {
                let scopes = self.scopes_for(target).await?;
                self.scopes.insert(target.clone(), scopes);
                Ok(())
            }
            _ => Err(SessionError::Forbidden),
        }
    }

    async fn request_user_info(&mut self, scope: UserScope) -> Result<(), SessionError> {
        self.check_requested(scope)?;
        let options = ContextOptions::default().with_user_info(true);
        let context = self.auth.context(options).await?;
        self.user_info = Some(context.user_info.ok_or(SessionError::without_user(context.state))?);
        Ok(())
    }

    /// The scopes of the user's access token. A user whom the provider denies the token, because
    /// they are not a member of the organization, for example, has none.
    async fn scopes_for(&self, target: &ScopeTarget) -> Result<Vec<String>, SessionError> {
        let target = self.token_target(target)?;
        let (session, now) = (&self.user.session, self.auth.logto().client().now());
        if session.refresh_token().is_none() && session.valid_token(&target, now).is_none() {
            // A new sign-in would not help, and the browser would be redirected again and again.
            return Err(TokenError::NoRefreshToken.into());
        }
        match self.auth.access_token_ssr(target).await {
            Ok(issued) => Ok(issued.token.scopes),
            Err(SessionError::Token(TokenError::Refused(OAuthError::AccessDenied))) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn token_target(&self, target: &ScopeTarget) -> Result<TokenTarget, SessionError> {
        let resources = self.auth.logto().client().config().resources().iter();
        let mut resources = resources.filter(|name| *name != ReservedResource::Organization.as_str());
        let resource = match (&target.resource, &target.organization_id) {
            (Some(named), _) => {
                let is_configured = resources.any(|resource| resource == named);
                let unknown = || RequirementProblem::ResourceUnknown(named.clone());
                Some(is_configured.then_some(named).ok_or_else(unknown)?)
            }
            (None, Some(_)) => None,
            (None, None) => match (resources.next(), resources.next()) {
                (Some(only), None) => Some(only),
                _ => return Err(RequirementProblem::ResourceUnnamed.into()),
            },
        };
        let mut token = resource.map_or(TokenTarget::USER_INFO, TokenTarget::resource);
        if let Some(id) = &target.organization_id {
            self.check_requested(UserScope::Organizations)?;
            token = token.in_organization(id);
        }
        Ok(token)
    }

    fn check_requested(&self, scope: UserScope) -> Result<(), SessionError> {
        let mut requested = self.auth.logto().client().config().scopes().iter();
        if requested.any(|requested| requested == scope.as_str()) {
            Ok(())
        } else {
            Err(RequirementProblem::ScopeMissing(scope.as_str()).into())
        }
    }
}
