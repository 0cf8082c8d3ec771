//! Data of the app in the session, and other changes that the app makes to it.

use std::sync::Arc;

use logto::session::{AppData, Session, SessionChange};
use serde::Serialize;

use crate::{
    error::SessionError,
    session::{AuthSession, large_claims::LargeClaims},
};

impl AuthSession {
    /// Sets the data of the app in the session, which [`User::data`](crate::User::data) reads. A
    /// sign-in sets it with [`WebConfig::with_on_sign_in`](crate::WebConfig::with_on_sign_in).
    ///
    /// It is sealed with the session, so the user can neither read nor change it, and it ends with
    /// the session. `null` removes it.
    ///
    /// ```
    /// # use logto_axum::{AuthSession, SessionError};
    /// # async fn example(session: AuthSession) -> Result<(), SessionError> {
    /// session.set_data(&serde_json::json!({ "account": 7 })).await
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`SessionError::AppData`] if the data takes more than 512 bytes of JSON
    ///   ([`AppData::MAX_BYTES`]), or is not JSON;
    /// - [`SessionError::SessionTooLarge`] if the session then exceeds the limit of its cookies;
    /// - [`SessionError::NotSignedIn`] or [`SessionError::SignInNeeded`] without a live session;
    /// - [`SessionError::ResponseStarted`] if the head was sent and the session is in cookies;
    /// - [`SessionError::Store`] if the session store is unavailable.
    pub async fn set_data<T: Serialize + ?Sized>(&self, data: &T) -> Result<(), SessionError> {
        let data = AppData::new(data)?;
        self.change(SessionChange::AppData(Some(data))).await.map(drop)
    }

    /// Applies a change to the session and saves it: to the store, or with this response. Returns the
    /// session before the change, which may be newer than the one that this request has loaded.
    pub(crate) async fn change(&self, change: SessionChange) -> Result<Arc<Session>, SessionError> {
        self.check_saveable()?;
        let session = self.live_session().await?;
        if self.shared().stored.is_none() && !self.jar().has_room_for(&session.changed(&change)) {
            return Err(SessionError::SessionTooLarge(LargeClaims::of(&session)));
        }
        let changed = self.shared().refresher.change(session, change).await?;
        let (before, after) = changed.map(|changed| (changed.before, changed.after)).unzip();
        self.update_session(after).await?;
        before.ok_or(SessionError::NotSignedIn)
    }
}
