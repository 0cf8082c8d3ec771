//! Current claims for a page that asks for them.

use logto::Diagnose as _;

use crate::{
    error::SessionError,
    session::{
        AuthSession,
        context::{ContextOptions, LogtoContext},
    },
};

impl AuthSession {
    /// Returns the context with refreshed claims, for a script of a page that asks for them.
    ///
    /// The known claims remain if they were refreshed less than five seconds ago, if the session has
    /// no refresh token, or if the provider refuses or is unavailable.
    ///
    /// # Errors
    ///
    /// [`SessionError::Store`] if the session store is unavailable.
    #[doc(hidden)]
    pub async fn refetched_context(&self) -> Result<LogtoContext, SessionError> {
        let now = self.logto().client().now();
        if let Some(session) = self.session().await?
            && session.refresh_token().is_some()
            && self.shared().refetches.allows(session.id(), now)
        {
            let fresh = ContextOptions::default().with_fresh_claims(true);
            match self.context(fresh).await {
                Ok(context) => return Ok(context),
                Err(error @ SessionError::Store(_)) => return Err(error),
                Err(error) => tracing::debug!(code = error.code(), "the claims could not be refreshed for the page"),
            }
        }
        self.context(ContextOptions::default()).await
    }
}
