//! Requirements for the user of a request.

pub(crate) mod extract;
mod facts;
pub(crate) mod layer;
pub(crate) mod rejection;
pub(crate) mod token;

use logto_requirements::{Decision, Requirement, Undecided};

use self::facts::KnownFacts;
use crate::{error::SessionError, session::AuthSession, user::User};

impl AuthSession {
    /// Returns the user if they meet a requirement.
    ///
    /// The claims of the ID token decide if they can. A request to the provider is made only for a
    /// scope without a cached token, for a claim that is missing in the ID token, and for roles and
    /// organizations while the ID token has expired and cannot be refreshed.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use logto_axum::{SessionError, AuthSession, organization, role, signed_in};
    ///
    /// # async fn example(session: AuthSession) -> Result<(), SessionError> {
    /// let user = session.require(role("admin")).await?;
    /// let user = session.require(organization("o1").role("billing").scope("read:invoices")).await?;
    /// let user = session.require(signed_in().within(Duration::from_secs(300))).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`SessionError::NotSignedIn`] and [`SessionError::SignInNeeded`] without a live session;
    /// - [`SessionError::StepUpNeeded`] if the user has to enter credentials again;
    /// - [`SessionError::Forbidden`] if the requirement is not met, and
    ///   [`SessionError::AccessDenied`] if the user currently may not use the application;
    /// - [`SessionError::RequirementNotConfigured`] if the configuration lacks a scope or resource;
    /// - [`SessionError::Store`], [`SessionError::Token`] and [`SessionError::UserInfo`] if the
    ///   decision depends on data that is unavailable.
    pub async fn require(&self, requirement: impl Into<Requirement>) -> Result<User, SessionError> {
        self.require_by(&requirement.into()).await
    }

    pub(crate) async fn require_by(&self, requirement: &Requirement) -> Result<User, SessionError> {
        let Some(user) = self.user().await? else {
            return Err(SessionError::without_user(self.state().await?));
        };
        self.check(&user, requirement).await?;
        Ok(user)
    }

    async fn check(&self, user: &User, requirement: &Requirement) -> Result<(), SessionError> {
        let mut known = KnownFacts::of(self, user);
        let decision = match requirement.evaluate(&known.facts()) {
            Ok(decision) => decision,
            // Boxed, because it is rare and would make the future of every page larger.
            Err(undecided) => Box::pin(known.learn_and_evaluate(requirement, undecided)).await?,
        };
        match decision {
            Decision::Allowed => Ok(()),
            Decision::SignInNeeded => Err(SessionError::SignInNeeded),
            Decision::StepUpNeeded { max_age } => Err(SessionError::StepUpNeeded { max_age }),
            _ => {
                self.warn_of_unrequested_scopes(requirement);
                Err(SessionError::Forbidden)
            }
        }
    }

    /// The provider grants only scopes that the sign-in requested.
    fn warn_of_unrequested_scopes(&self, requirement: &Requirement) {
        let requested = self.logto().client().config().scopes();
        for scope in requirement.scopes() {
            if !requested.iter().any(|requested| requested == scope) {
                tracing::error!(
                    code = "scope_not_requested",
                    scope,
                    "no user meets a requirement, because no sign-in requests its scope; add it to \
                     `LOGTO_SCOPES` or with `LogtoConfig::with_scopes`, and sign in again"
                );
            }
        }
    }
}

impl KnownFacts<'_> {
    /// Requests missing facts one by one, because the first may decide. An error counts only if the
    /// decision depends on the fact.
    async fn learn_and_evaluate(
        &mut self,
        requirement: &Requirement,
        undecided: Undecided,
    ) -> Result<Decision, SessionError> {
        let mut missing = undecided.missing;
        let mut failed = Vec::new();
        let mut first_error = None;
        loop {
            let Some(fact) = missing.into_iter().find(|fact| !failed.contains(fact)) else {
                return Err(first_error.unwrap_or(SessionError::Forbidden));
            };
            if let Err(error) = self.learn(&fact).await {
                first_error.get_or_insert(error);
                failed.push(fact);
            }
            match requirement.evaluate(&self.facts()) {
                Ok(decision) => return Ok(decision),
                Err(undecided) => missing = undecided.missing,
            }
        }
    }
}
