use leptos::prelude::*;
use logto_leptos::{Diagnose as _, ManagementClient, ManagementError, SessionError};

use super::organization_error::OrganizationError;
use crate::state::AppState;

/// The client for the Management API. Its token may change everything in the tenant, so check first
/// what the user may do.
pub fn management() -> Result<ManagementClient, OrganizationError> {
    let state = expect_context::<AppState>();
    state.management.clone().ok_or(OrganizationError::NotSetUp)
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
