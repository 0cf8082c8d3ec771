//! The facts about the user of a request: from the ID token, userinfo and access tokens.

use std::{collections::BTreeMap, time::Duration};

use logto::{OAuthError, ProfileClaims, ReservedResource, TokenError, TokenTarget, UserInfo, UserScope};
use logto_requirements::{Decision, Fact, Facts, Requirement, ScopeTarget};

use crate::{
    error::{RequirementProblem, SessionError},
    session::{AuthSession, context::ContextOptions},
    user::User,
};

pub(super) struct KnownFacts<'a> {
    auth: &'a AuthSession,
    user: &'a User,
    /// Whether the ID token has expired, or a webhook has reported changes since: its lists may be
    /// out of date.
    is_stale: bool,
    /// Whether the browser chose the requirement. It then causes no token request for an
    /// organization that the user's claims do not name.
    is_chosen_by_browser: bool,
    /// Requested if a list is missing.
    user_info: Option<UserInfo>,
    scopes: BTreeMap<ScopeTarget, Vec<String>>,
}

impl<'a> KnownFacts<'a> {
    pub(super) fn of(auth: &'a AuthSession, user: &'a User) -> Self {
        Self {
            auth,
            user,
            is_stale: !user.session.has_current_claims(auth.logto().client().now()),
            is_chosen_by_browser: false,
            user_info: None,
            scopes: BTreeMap::new(),
        }
    }

    pub(super) fn chosen_by_browser(mut self) -> Self {
        self.is_chosen_by_browser = true;
        self
    }

    pub(super) fn facts(&self) -> Facts<'_> {
        self.facts_with(&self.scopes)
    }

    fn facts_with<'f>(&'f self, scopes: &'f BTreeMap<ScopeTarget, Vec<String>>) -> Facts<'f> {
        let mut facts = Facts::signed_in();
        if let Some(age) = self.authenticated_ago() {
            facts = facts.with_authenticated_ago(age);
        }
        if let Some(acr) = &self.user.claims().acr {
            facts = facts.with_acr(acr);
        }
        if let Some(roles) = self.list(UserScope::Roles, |claims| &claims.roles) {
            facts = facts.with_roles(roles);
        }
        if let Some(ids) = self.organizations() {
            facts = facts.with_organizations(ids);
        }
        if let Some(id) = self.user.active_organization() {
            facts = facts.with_active_organization(id);
        }
        if let Some(roles) = self.list(UserScope::OrganizationRoles, |claims| &claims.organization_roles) {
            facts = facts.with_organization_roles(roles);
        }
        for (target, scopes) in scopes {
            facts = facts.with_scopes(target, scopes);
        }
        facts
    }

    fn organizations(&self) -> Option<&[String]> {
        self.list(UserScope::Organizations, |claims| &claims.organizations)
    }

    /// The list in userinfo if that was requested, otherwise the one in the ID token. Userinfo has
    /// every list whose scope was requested, so a missing list is empty; without its scope it is
    /// unknown.
    fn list(&self, scope: UserScope, claim: impl Fn(&ProfileClaims) -> &Option<Vec<String>>) -> Option<&[String]> {
        let of_user_info = self.user_info.as_ref().and_then(|user_info| {
            let list = claim(&user_info.profile).as_deref();
            list.or_else(|| self.is_requested(scope.as_str()).then(Default::default))
        });
        of_user_info.or_else(|| {
            let of_id_token = claim(&self.user.claims().profile).as_deref();
            of_id_token.filter(|_| !self.is_stale)
        })
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
    async fn scopes_for(&mut self, target: &ScopeTarget) -> Result<Vec<String>, SessionError> {
        let organization_id = target.organization_id.as_ref();
        let target = self.token_target(target)?;
        if self.is_chosen_by_browser
            && let Some(id) = organization_id
            && !self.is_member_of(id).await?
        {
            return Ok(Vec::new());
        }
        let (session, now) = (&self.user.session, self.auth.logto().client().now());
        if session.refresh_token().is_none() && session.valid_token(&target, now).is_none() {
            // A new sign-in would not help, and the browser would be redirected again and again.
            return Err(TokenError::NoRefreshToken.into());
        }
        // A requirement names its own organization; the active one is only the user's choice.
        match self.auth.access_token_ssr(target.without_active_organization()).await {
            Ok(issued) => Ok(issued.token.scopes),
            Err(SessionError::Token(TokenError::Refused(OAuthError::AccessDenied))) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    async fn is_member_of(&mut self, id: &str) -> Result<bool, SessionError> {
        if self.organizations().is_none() {
            self.request_user_info(UserScope::Organizations).await?;
        }
        let organizations = self.organizations().unwrap_or_default();
        Ok(organizations.iter().any(|known| known == id))
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
        if self.is_requested(scope.as_str()) {
            Ok(())
        } else {
            Err(RequirementProblem::ScopeMissing(scope.as_str().to_owned()).into())
        }
    }

    /// Fails if the requirement is unmet only because sign-ins do not request its scopes. The
    /// provider grants no others.
    pub(super) fn check_scopes_requested(&self, requirement: &Requirement) -> Result<(), SessionError> {
        let scopes = requirement.scopes().into_iter();
        let unrequested = scopes.filter(|scope| !self.is_requested(scope));
        let unrequested: Vec<_> = unrequested.map(str::to_owned).collect();
        let Some(first) = unrequested.first() else {
            return Ok(());
        };
        let with_unrequested = |scopes: &Vec<String>| [scopes.as_slice(), unrequested.as_slice()].concat();
        let granted = self.scopes.iter();
        let granted = granted.map(|(target, scopes)| (target.clone(), with_unrequested(scopes)));
        match requirement.evaluate(&self.facts_with(&granted.collect())) {
            Ok(Decision::Forbidden) => Ok(()),
            _ => Err(RequirementProblem::ScopeMissing(first.clone()).into()),
        }
    }

    fn is_requested(&self, scope: &str) -> bool {
        let mut requested = self.auth.logto().client().config().scopes().iter();
        requested.any(|requested| requested == scope)
    }
}
