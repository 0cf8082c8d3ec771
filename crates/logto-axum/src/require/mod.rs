//! Requirements for the user of a request.

pub(crate) mod extract;
mod facts;
pub(crate) mod layer;
pub(crate) mod rejection;
pub(crate) mod token;

use logto_requirements::{Decision, Requirement, Undecided};

use self::facts::KnownFacts;
use crate::{error::AuthError, session::AuthSession, user::User};

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
    /// use logto_axum::{AuthError, AuthSession, organization, role, signed_in};
    ///
    /// # async fn example(session: AuthSession) -> Result<(), AuthError> {
    /// let user = session.require(role("admin")).await?;
    /// let user = session.require(organization("o1").role("billing").scope("read:invoices")).await?;
    /// let user = session.require(signed_in().within(Duration::from_secs(300))).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`AuthError::NotSignedIn`] and [`AuthError::SignInNeeded`] without a live session;
    /// - [`AuthError::StepUpNeeded`] if the user has to enter credentials again;
    /// - [`AuthError::Forbidden`] if the requirement is not met, and [`AuthError::AccessDenied`] if
    ///   the user currently may not use the application;
    /// - [`AuthError::RequirementNotConfigured`] if the configuration lacks a scope or resource;
    /// - [`AuthError::Store`], [`AuthError::Token`] and [`AuthError::UserInfo`] if the decision
    ///   depends on data that is unavailable.
    pub async fn require(&self, requirement: impl Into<Requirement>) -> Result<User, AuthError> {
        self.require_by(&requirement.into()).await
    }

    pub(crate) async fn require_by(&self, requirement: &Requirement) -> Result<User, AuthError> {
        let Some(user) = self.user().await? else {
            return Err(AuthError::without_user(self.state().await?));
        };
        self.check(&user, requirement).await?;
        Ok(user)
    }

    async fn check(&self, user: &User, requirement: &Requirement) -> Result<(), AuthError> {
        let mut known = KnownFacts::of(self, user);
        let decision = match requirement.evaluate(&known.facts()) {
            Ok(decision) => decision,
            // Boxed, because it is rare and would make the future of every page larger.
            Err(undecided) => Box::pin(known.learn_and_evaluate(requirement, undecided)).await?,
        };
        match decision {
            Decision::Allowed => Ok(()),
            Decision::SignInNeeded => Err(AuthError::SignInNeeded),
            Decision::StepUpNeeded { max_age } => Err(AuthError::StepUpNeeded { max_age }),
            _ => Err(AuthError::Forbidden),
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
    ) -> Result<Decision, AuthError> {
        let mut missing = undecided.missing;
        let mut failed = Vec::new();
        let mut first_error = None;
        loop {
            let Some(fact) = missing.into_iter().find(|fact| !failed.contains(fact)) else {
                return Err(first_error.unwrap_or(AuthError::Forbidden));
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
