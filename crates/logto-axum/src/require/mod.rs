//! Requirements for the user of a request.

pub(crate) mod extract;
mod facts;
pub(crate) mod layer;
pub(crate) mod problem_log;
pub(crate) mod rejection;
mod sign_in_path;
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
        self.check(KnownFacts::of(self, &user), requirement).await?;
        Ok(user)
    }

    /// Checks a requirement that the browser chose; for crates that integrate this one into a
    /// framework.
    ///
    /// No token is requested for an organization that the user's claims do not name. If a
    /// requirement cannot be checked, the reason is logged once.
    #[doc(hidden)]
    pub async fn check_for_browser(&self, requirement: &Requirement) -> Result<(), SessionError> {
        let Some(user) = self.user().await? else {
            return Err(SessionError::without_user(self.state().await?));
        };
        let known = KnownFacts::of(self, &user).chosen_by_browser();
        self.check(known, requirement).await.inspect_err(|error| {
            if let SessionError::RequirementNotConfigured(problem) = error {
                self.shared().requirement_problems.add(problem);
            }
        })
    }

    async fn check(&self, mut known: KnownFacts<'_>, requirement: &Requirement) -> Result<(), SessionError> {
        let decision = match requirement.evaluate(&known.facts()) {
            Ok(decision) => decision,
            // Boxed, because it is rare and would make the future of every page larger.
            Err(undecided) => Box::pin(known.learn_and_evaluate(requirement, undecided)).await?,
        };
        match decision {
            Decision::Allowed => Ok(()),
            Decision::SignInNeeded => Err(SessionError::SignInNeeded),
            Decision::StepUpNeeded(proof) => Err(SessionError::StepUpNeeded(proof)),
            _ => {
                known.check_scopes_requested(requirement)?;
                Err(SessionError::Forbidden)
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
