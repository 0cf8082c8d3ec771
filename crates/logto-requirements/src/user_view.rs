//! The user as the browser knows them.

use std::{collections::BTreeMap, error::Error, fmt};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The signed-in user as the browser knows them: claims that pages show, and claims of the app.
///
/// **It is not confidential within the browser.** It is in the HTML of every page, and every script
/// of the page can read it. The response goes to the user only, with `Cache-Control: private,
/// no-store`. Leave out everything that the user must not see.
///
/// The app decides on the server what is in it, with `WebConfig::with_user_view`. Claims of the app
/// have its own types:
///
/// ```
/// use logto_requirements::UserView;
///
/// #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
/// struct Plan {
///     name: String,
///     seats: u32,
/// }
///
/// let plan = || Plan { name: "Team".into(), seats: 5 };
/// let view = UserView::new("u1").with_claim("plan", plan());
/// assert_eq!(view.claim::<Plan>("plan"), Some(plan()));
/// assert_eq!(view.claim::<Plan>("other"), None);
/// ```
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
    /// JSON texts by name: a browser build whose app reads no claim contains no JSON parser.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", with = "json_texts")]
    claims: BTreeMap<String, String>,
    #[serde(skip)]
    left_out: Vec<LeftOutClaim>,
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
    /// The size limit of the app's claims together, in bytes of JSON, because every page contains
    /// them.
    pub const MAX_CLAIM_BYTES: usize = 4096;

    /// Creates a view with the id only.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// Returns the name, or else the email address or the id.
    #[must_use]
    pub fn display_name(&self) -> &str {
        let name = self.name.as_deref().or(self.email.as_deref());
        name.unwrap_or(&self.id)
    }

    /// Adds a claim of the app, which [`UserView::claim`] reads. A claim of the same name is
    /// replaced.
    ///
    /// The claim is left out if it is not JSON, or if the claims would then take more than
    /// [`UserView::MAX_CLAIM_BYTES`]. See [`UserView::left_out`].
    #[must_use]
    pub fn with_claim(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        self.claims.remove(&name);
        let Ok(json) = serde_json::to_string(&value) else {
            self.left_out.push(LeftOutClaim::NotJson { name });
            return self;
        };
        let bytes = self.claim_bytes() + size(&name, &json);
        if bytes > Self::MAX_CLAIM_BYTES {
            self.left_out.push(LeftOutClaim::TooLarge { name, bytes });
        } else {
            self.claims.insert(name, json);
        }
        self
    }

    /// Adds a claim that the server has sent, as JSON text.
    #[doc(hidden)]
    #[must_use]
    pub fn with_claim_json(mut self, name: String, json: String) -> Self {
        self.claims.insert(name, json);
        self
    }

    /// Returns a claim of the app. `None` without such a claim, and if its value does not fit the
    /// type: a tab that was opened before an update of the app may have another version of it.
    #[must_use]
    pub fn claim<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.claims.get(name)?).ok()
    }

    /// Returns the claims of the app, by name.
    #[must_use]
    pub fn claims(&self) -> BTreeMap<String, Value> {
        let claims = self.claims.iter();
        claims
            .map(|(name, json)| (name.clone(), json_texts::parse(json)))
            .collect()
    }

    /// Returns the claims that [`UserView::with_claim`] left out. The server logs them, and the
    /// browser does not know them.
    #[must_use]
    pub fn left_out(&self) -> &[LeftOutClaim] {
        &self.left_out
    }

    /// Sets the name of one of the user's organizations. No-op for any other organization.
    #[must_use]
    pub fn with_organization_name(mut self, id: &str, name: impl Into<String>) -> Self {
        if let Some(organization) = self.organizations.iter_mut().find(|known| known.id == id) {
            organization.name = Some(name.into());
        }
        self
    }

    fn claim_bytes(&self) -> usize {
        self.claims.iter().map(|(name, json)| size(name, json)).sum()
    }
}

fn size(name: &str, json: &str) -> usize {
    name.len() + json.len()
}

/// Sends claims as JSON values.
mod json_texts {
    use std::collections::BTreeMap;

    use serde::{Deserialize as _, Deserializer, Serializer};
    use serde_json::Value;

    pub(super) fn parse(json: &str) -> Value {
        serde_json::from_str(json).unwrap_or_default()
    }

    pub(super) fn serialize<S: Serializer>(
        claims: &BTreeMap<String, String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(claims.iter().map(|(name, json)| (name, parse(json))))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<String, String>, D::Error> {
        let claims = BTreeMap::<String, Value>::deserialize(deserializer)?;
        Ok(claims
            .into_iter()
            .map(|(name, value)| (name, value.to_string()))
            .collect())
    }
}

impl OrganizationView {
    /// Creates a view with the id only.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: None,
        }
    }

    /// Sets the name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Returns the name, or else the id.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

/// A claim that is not in a [`UserView`], and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeftOutClaim {
    /// The value cannot be represented as JSON.
    NotJson {
        /// The name of the claim.
        name: String,
    },
    /// The claims would exceed [`UserView::MAX_CLAIM_BYTES`].
    TooLarge {
        /// The name of the claim.
        name: String,
        /// The size of all claims with this one, in bytes.
        bytes: usize,
    },
}

impl LeftOutClaim {
    /// Returns the name of the claim.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::NotJson { name } | Self::TooLarge { name, .. } => name,
        }
    }
}

impl fmt::Display for LeftOutClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { name } => write!(f, "the claim `{name}` cannot be represented as JSON"),
            Self::TooLarge { name, bytes } => write!(
                f,
                "with the claim `{name}`, the claims take {bytes} bytes of JSON; the limit is {}",
                UserView::MAX_CLAIM_BYTES
            ),
        }
    }
}

impl Error for LeftOutClaim {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn in_the_browser(view: &UserView) -> UserView {
        serde_json::from_str(&serde_json::to_string(view).unwrap()).unwrap()
    }

    #[test]
    fn the_browser_reads_claims_with_the_types_of_the_app() {
        let view = UserView::new("u1")
            .with_claim("seats", 5)
            .with_claim("plan", json!({ "name": "Team" }))
            .with_claim("beta", true)
            .with_claim("none", None::<u8>);
        let view = in_the_browser(&view);
        assert_eq!(view.claim::<u8>("seats"), Some(5));
        assert_eq!(view.claim::<BTreeMap<String, String>>("plan").unwrap()["name"], "Team");
        assert_eq!(view.claim::<Option<u8>>("none"), Some(None));
        assert_eq!((view.claim::<bool>("seats"), view.claim::<u8>("other")), (None, None));
        assert_eq!(view.claims().len(), 4);
    }

    #[test]
    fn a_view_without_claims_is_as_small_as_possible() {
        assert_eq!(serde_json::to_string(&UserView::new("u1")).unwrap(), r#"{"id":"u1"}"#);
    }

    #[test]
    fn a_claim_replaces_the_one_of_the_same_name() {
        let view = UserView::new("u1")
            .with_claim("plan", "Free")
            .with_claim("plan", "Team");
        assert_eq!(view.claim::<String>("plan").as_deref(), Some("Team"));
        // A failed replacement does not leave the old value either.
        let view = view.with_claim("plan", "x".repeat(UserView::MAX_CLAIM_BYTES));
        assert_eq!(view.claim::<String>("plan"), None);
        assert_eq!(view.left_out().len(), 1);
    }

    #[test]
    fn claims_beyond_the_limit_are_left_out_and_reported() {
        // The name has one byte, and the quotes of the JSON take two.
        let largest = UserView::MAX_CLAIM_BYTES - 3;
        let view = UserView::new("u1").with_claim("a", "x".repeat(largest));
        assert!(view.left_out().is_empty() && view.claims().contains_key("a"));
        let view = view.with_claim("b", 1);
        assert_eq!(view.claims().len(), 1);
        let bytes = UserView::MAX_CLAIM_BYTES + 2;
        let expected = LeftOutClaim::TooLarge {
            name: "b".into(),
            bytes,
        };
        assert_eq!(view.left_out(), [expected]);
        let text = view.left_out()[0].to_string();
        assert!(text.contains("`b`") && text.contains(&bytes.to_string()), "{text}");
        assert!(in_the_browser(&view).left_out().is_empty());
    }

    #[test]
    fn a_claim_that_is_not_json_is_left_out_and_reported() {
        let no_json = BTreeMap::from([((1, 2), 3)]);
        let view = UserView::new("u1").with_claim("map", no_json).with_claim("seats", 5);
        assert_eq!(view.left_out(), [LeftOutClaim::NotJson { name: "map".into() }]);
        assert!(view.left_out()[0].to_string().contains("`map`"));
        assert_eq!(view.claims().len(), 1);
    }

    #[test]
    fn the_name_of_an_organization_is_shown_before_its_id() {
        let mut view = UserView::new("u1");
        view.organizations = ["o1", "o2"].map(OrganizationView::new).to_vec();
        let view = view
            .with_organization_name("o2", "Acme")
            .with_organization_name("o3", "Other");
        let shown: Vec<_> = view.organizations.iter().map(OrganizationView::display_name).collect();
        assert_eq!(shown, ["o1", "Acme"]);
        assert_eq!(OrganizationView::new("o1").with_name("Acme").display_name(), "Acme");
    }

    #[test]
    fn the_name_of_a_user_is_shown_before_the_email_address_and_the_id() {
        let mut view = UserView::new("u1");
        assert_eq!(view.display_name(), "u1");
        view.email = Some("ada@example.com".into());
        assert_eq!(view.display_name(), "ada@example.com");
        view.name = Some("Ada".into());
        assert_eq!(view.display_name(), "Ada");
    }
}
