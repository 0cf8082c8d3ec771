//! The user of the session.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use logto_requirements::UserView;
use serde_json::Value;

use crate::{
    error::SessionError,
    session::{
        AuthSession,
        context::{ContextOptions, LogtoContext},
    },
    user::{User, UserRequest},
};

impl AuthSession {
    /// Returns the signed-in user, or `None`. An expired ID token is refreshed first; while the
    /// provider is unavailable, the claims are the old ones.
    ///
    /// # Errors
    ///
    /// [`SessionError::Store`] if the session store is unavailable.
    pub async fn user(&self) -> Result<Option<User>, SessionError> {
        self.renew_stale().await;
        let (state, session) = self.state_and_session().await?;
        let signed_in = session.filter(|_| state.is_authenticated());
        Ok(signed_in.map(|session| User {
            session,
            request: Arc::new(self.clone()),
        }))
    }

    /// Returns the view of the user of `context`, which belongs to this session. `None` if the user
    /// is not signed in. See [`User::view`].
    #[must_use]
    pub fn user_view(&self, context: &LogtoContext) -> Option<UserView> {
        let user = User {
            session: context.session.clone()?,
            request: Arc::new(self.clone()),
        };
        Some(user.view())
    }
}

impl UserRequest for AuthSession {
    fn custom_data(&self) -> BoxFuture<'_, Result<Option<Value>, SessionError>> {
        Box::pin(async {
            let options = ContextOptions::default().with_user_info(true);
            let context = self.context(options).await?;
            let user_info = context.user_info.ok_or(SessionError::without_user(context.state))?;
            Ok(user_info.custom_data)
        })
    }

    fn decide_view(&self, user: &User, view: UserView) -> UserView {
        (self.shared().web.config.user_view.0)(user, view)
    }
}
