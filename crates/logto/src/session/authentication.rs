//! The authentication at the sign-in.

use logto_requirements::Acr;
use serde::{Deserialize, Serialize};

use crate::{amr::Amr, claims::IdTokenClaims, clock::Timestamp};

/// How the user has authenticated at the sign-in, as the ID token of the sign-in says. The names
/// are short because it is part of a cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Authentication {
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub(super) time: Option<Timestamp>,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub(super) acr: Option<Acr>,
    #[serde(rename = "m", skip_serializing_if = "Vec::is_empty")]
    pub(super) amr: Vec<Amr>,
}

impl Authentication {
    pub(super) fn of(claims: &IdTokenClaims) -> Self {
        Self {
            time: claims.auth_time,
            acr: claims.acr.clone(),
            amr: claims.amr.clone(),
        }
    }

    pub(super) fn is_of(&self, claims: &IdTokenClaims) -> bool {
        (self.time, &self.acr, &self.amr) == (claims.auth_time, &claims.acr, &claims.amr)
    }
}
