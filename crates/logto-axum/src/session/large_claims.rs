//! Finds the claims that make a session too large for cookies.

use std::fmt;

use logto::session::Session;
use serde_json::{Map, Value};

const ORGANIZATIONS: [&str; 3] = ["organizations", "organization_roles", "organization_data"];
const CUSTOM_DATA: [&str; 1] = ["custom_data"];

/// The largest claims of an ID token: those that take at least a third of its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LargeClaims {
    /// Organizations, and the user's roles in them.
    Organizations,
    /// Custom data, which a tenant can include in ID tokens.
    CustomData,
    /// Organizations and custom data.
    OrganizationsAndCustomData,
    /// None of these: the other claims of the profile are too large together.
    Profile,
}

impl LargeClaims {
    pub(crate) fn of(session: &Session) -> Self {
        Self::in_claims(&session.id_token().claim_map())
    }

    fn in_claims(claims: &Map<String, Value>) -> Self {
        let size = |value: &Value| value.to_string().len();
        let size_of = |names: &[&str]| {
            names
                .iter()
                .filter_map(|name| claims.get(*name))
                .map(size)
                .sum::<usize>()
        };
        let all: usize = claims.values().map(size).sum();
        let is_large = |names: &[&str]| size_of(names) * 3 >= all;
        match (is_large(&ORGANIZATIONS), is_large(&CUSTOM_DATA)) {
            (true, true) => Self::OrganizationsAndCustomData,
            (true, false) => Self::Organizations,
            (false, true) => Self::CustomData,
            (false, false) => Self::Profile,
        }
    }

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Organizations => "session_too_large_organizations",
            Self::CustomData => "session_too_large_custom_data",
            Self::OrganizationsAndCustomData => "session_too_large_organizations_and_custom_data",
            Self::Profile => "session_too_large",
        }
    }
}

impl fmt::Display for LargeClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Organizations => "organizations and roles",
            Self::CustomData => "custom data",
            Self::OrganizationsAndCustomData => "organizations, roles and custom data",
            Self::Profile => "claims",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_largest_claims_are_named() {
        let many = |count: usize| {
            (0..count)
                .map(|number| json!(format!("org{number}")))
                .collect::<Value>()
        };
        let long = |length: usize| json!({ "notes": "x".repeat(length) });
        for (organizations, custom_data, name, expected) in [
            (many(900), long(10), "Ada", LargeClaims::Organizations),
            (many(3), long(9000), "Ada", LargeClaims::CustomData),
            (many(900), long(9000), "Ada", LargeClaims::OrganizationsAndCustomData),
            (many(3), long(10), &"A".repeat(9000), LargeClaims::Profile),
        ] {
            let claims =
                json!({ "sub": "u1", "name": name, "organizations": organizations, "custom_data": custom_data });
            let Value::Object(claims) = claims else { unreachable!() };
            assert_eq!(LargeClaims::in_claims(&claims), expected);
            assert_ne!(crate::advice(expected.code()).code, "unknown_error");
        }
    }
}
