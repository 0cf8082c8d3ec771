//! The view of the signed-in user.

use serde::{Deserialize, Serialize};

/// The signed-in user, with the claims that pages show.
///
/// Its HTML is sent to the user only, with `Cache-Control: private, no-store`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserView {
    /// The user's id (`sub`).
    pub id: String,
    /// The full name or, without one, the username.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The URL of an avatar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// The user's organizations, if the ID token lists them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organizations: Vec<OrganizationView>,
}

/// An organization of the user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrganizationView {
    /// The organization's id.
    pub id: String,
    /// The organization's name, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl UserView {
    /// The name, or else the email address or the id.
    #[must_use]
    pub fn display_name(&self) -> &str {
        let name = self.name.as_deref().or(self.email.as_deref());
        name.unwrap_or(&self.id)
    }
}

impl OrganizationView {
    /// The name, or else the id.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

#[cfg(feature = "ssr")]
impl From<&crate::IdTokenClaims> for UserView {
    fn from(claims: &crate::IdTokenClaims) -> Self {
        let profile = &claims.profile;
        let text = |claim: &Option<String>| claim.clone().filter(|text| !text.is_empty());
        let ids = profile.organizations.as_deref().unwrap_or_default();
        let organization = |id: &String| OrganizationView {
            id: id.clone(),
            name: None,
        };
        Self {
            id: claims.sub.clone(),
            name: text(&profile.name).or_else(|| text(&profile.username)),
            email: text(&profile.email),
            picture: text(&profile.picture),
            organizations: ids.iter().map(organization).collect(),
        }
    }
}
