//! Current claims for a page that asks for them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use logto::{Diagnose as _, Timestamp, session::SessionId};

use crate::{
    error::SessionError,
    session::{
        AuthSession,
        context::{ContextOptions, LogtoContext},
    },
};

/// The minimum time between two requests to the provider for the claims of a session, in seconds.
/// Any script of a page can ask, in a loop too.
const PAUSE: u64 = 5;

/// The sessions whose claims were requested in the last [`PAUSE`] seconds.
#[derive(Default)]
pub(crate) struct RefetchLimit(Mutex<HashMap<SessionId, Timestamp>>);

impl RefetchLimit {
    /// Whether the provider may be asked for the claims of this session now.
    fn allows(&self, id: SessionId, now: Timestamp) -> bool {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recent.retain(|_, requested| now.seconds_since(*requested) < PAUSE);
        let is_first = !recent.contains_key(&id);
        recent.entry(id).or_insert(now);
        is_first
    }
}

impl AuthSession {
    /// Returns the context with refreshed claims, for a script of a page that asks for them.
    ///
    /// The known claims remain if they were refreshed less than five seconds ago, if the session has
    /// no refresh token, and if the provider refuses or is unavailable.
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
