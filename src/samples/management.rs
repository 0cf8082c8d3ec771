use logto_leptos::{Diagnose as _, ManagementClient, ManagementError, SessionError, auth_session};

use super::organization_error::OrganizationError;

/// Returns the client for the Management API. Its token may change everything in the tenant, so check
/// the user's permission first.
pub fn management() -> Result<ManagementClient, OrganizationError> {
    auth_session()?.management().map_err(|_| OrganizationError::NotSetUp)
}

/// Renews the claims of the session after a change of the user's organizations.
///
/// The change is made: a failure of the refresh must not read as a failed change. The claims then
/// follow with the next refresh.
pub async fn refresh_organizations() {
    let refreshed = async { auth_session()?.refresh_organizations().await };
    if let Err(error) = refreshed.await {
        tracing::warn!(code = error.code(), "the claims are out of date: {error}");
    }
}

impl From<ManagementError> for OrganizationError {
    fn from(error: ManagementError) -> Self {
        tracing::error!(code = error.code(), "{error}");
        if error.is_transient() {
            Self::Unavailable
        } else {
            Self::Refused
        }
    }
}

impl From<SessionError> for OrganizationError {
    fn from(error: SessionError) -> Self {
        Self::Auth(error.into())
    }
}
