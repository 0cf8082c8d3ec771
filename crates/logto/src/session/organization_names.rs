//! The names of the user's organizations.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Session;

/// The claim with the names. By default only userinfo has it; a tenant can add it to ID tokens.
const CLAIM: &str = "organization_data";

impl Session {
    /// The name of one of the user's organizations: of the claim `organization_data` of the ID token
    /// or, without it, as userinfo had it at the sign-in. `None` if the name is unknown.
    ///
    /// A name proves no membership: the session keeps the names from the sign-in, also of an
    /// organization that the user has left since.
    #[must_use]
    pub fn organization_name(&self, id: &str) -> Option<&str> {
        let name = self.named_by_id_token(id);
        let name = name.or_else(|| self.organization_names.get(id).map(String::as_str));
        name.filter(|name| !name.is_empty())
    }

    fn named_by_id_token(&self, id: &str) -> Option<&str> {
        let listed = self.id_token.claims().extra.get(CLAIM)?.as_array()?;
        let is_wanted = |entry: &&Value| entry.get("id").and_then(Value::as_str) == Some(id);
        listed.iter().find(is_wanted)?.get("name")?.as_str()
    }

    /// Whether the ID token lists organizations and does not name them.
    #[must_use]
    pub fn lacks_organization_names(&self) -> bool {
        let claims = self.id_token.claims();
        let organizations = claims.profile.organizations.as_deref();
        !organizations.unwrap_or_default().is_empty() && !claims.extra.contains_key(CLAIM)
    }

    /// Sets the names of organizations, by id, in a session that has just begun.
    #[must_use]
    pub fn with_organization_names(self, organization_names: BTreeMap<String, String>) -> Self {
        Self {
            organization_names,
            ..self
        }
    }

    /// The session without the names of organizations, which are shown only. `None` if it has none.
    pub(super) fn without_organization_names(&self) -> Option<Self> {
        let has_names = !self.organization_names.is_empty();
        has_names.then(|| self.clone().with_organization_names(BTreeMap::new()))
    }
}
