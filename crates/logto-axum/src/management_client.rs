//! The client for Logto's Management API.

use logto::ManagementClient;

use crate::{error::SessionError, logto::Logto, session::AuthSession};

impl Logto {
    /// Returns the client for Logto's Management API, whose tokens all callers share.
    ///
    /// **Its token may change everything in the tenant.** Check the user's permission first.
    ///
    /// The app is that of [`LogtoConfig::with_management_app`](crate::LogtoConfig::with_management_app),
    /// or of the variables `LOGTO_MANAGEMENT_APP_ID` and `LOGTO_MANAGEMENT_APP_SECRET`. The
    /// development provider has one.
    ///
    /// # Errors
    ///
    /// [`SessionError::NoManagementApp`] if none is configured.
    pub fn management(&self) -> Result<ManagementClient, SessionError> {
        let client = self.shared.management.as_ref();
        client.cloned().ok_or(SessionError::NoManagementApp)
    }
}

impl AuthSession {
    /// Returns the client of [`Logto::management`], for handlers and server functions.
    ///
    /// ```
    /// use logto_axum::{AuthSession, SessionError, management::NewOrganization, role};
    ///
    /// async fn create(session: AuthSession, name: &str) -> Result<String, SessionError> {
    ///     session.require(role("founder")).await?;
    ///     let organization = session.management()?.create_organization(&NewOrganization::new(name)).await?;
    ///     Ok(organization.id)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::NoManagementApp`] if none is configured. The calls of the client fail with a
    /// [`ManagementError`](crate::ManagementError), which `?` turns into a
    /// [`SessionError::Management`].
    pub fn management(&self) -> Result<ManagementClient, SessionError> {
        self.logto().management()
    }
}
