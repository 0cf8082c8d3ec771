//! An authorization request, as the provider received it.

use std::collections::BTreeMap;

use super::params::Params;

/// An authorization request that reached the provider.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthorizationRequest {
    /// Every parameter.
    pub params: Params,
    /// Logto's own parameters (`first_screen`, `login_hint`, …) that reach its sign-in page. Empty
    /// if one of them is invalid, because Logto then drops them all.
    pub extra: BTreeMap<String, String>,
}
