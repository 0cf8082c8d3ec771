//! The targets of access tokens.

use crate::{config::MANAGEMENT_RESOURCE, provider::Provider};

/// Whether the tenant has this API resource.
pub(super) fn is_resource(provider: &Provider, indicator: &str) -> bool {
    let mut registered = provider.config.resources.iter();
    indicator == MANAGEMENT_RESOURCE || registered.any(|resource| resource == indicator)
}
