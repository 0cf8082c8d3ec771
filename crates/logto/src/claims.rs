//! The claims of tokens and userinfo. `null` is accepted, and unknown claims are kept.

use std::collections::BTreeMap;

use logto_requirements::Acr;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::{
    amr::Amr,
    clock::{Milliseconds, Timestamp},
    scope::organization_id_of,
};

/// The profile claims that ID tokens and userinfo share (OIDC Core §5.1, and Logto's own).
///
/// The scope `profile` adds the names, the picture and the times; `email`, `phone` and `address`
/// add the claims of the same name; `roles`, `urn:logto:scope:organizations` and
/// `urn:logto:scope:organization_roles` add the lists of the same name.
///
/// **A missing list is not an empty one.** A tenant can remove `roles`, `organizations` and
/// `organization_roles` from ID tokens; userinfo always has them. `None` means that the token does
/// not contain the claim, and an empty list that the user has no roles or organizations.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ProfileClaims {
    /// Full name.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Nickname.
    pub nickname: Option<String>,
    /// Shorthand name that the user prefers.
    pub preferred_username: Option<String>,
    /// Logto username.
    pub username: Option<String>,
    /// URL of an avatar.
    pub picture: Option<String>,
    /// URL of a profile page.
    pub profile: Option<String>,
    /// URL of a web site.
    pub website: Option<String>,
    /// Gender.
    pub gender: Option<String>,
    /// Birthday, `YYYY-MM-DD` or `YYYY`.
    pub birthdate: Option<String>,
    /// Time zone, for example `Europe/Zurich`.
    pub zoneinfo: Option<String>,
    /// Locale, for example `en-US`.
    pub locale: Option<String>,
    /// Postal address (OIDC Core §5.1.1).
    pub address: Option<Value>,
    /// Email address.
    pub email: Option<String>,
    /// Whether the email address was verified.
    pub email_verified: Option<bool>,
    /// Phone number.
    pub phone_number: Option<String>,
    /// Whether the phone number was verified.
    pub phone_number_verified: Option<bool>,
    /// Names of the user's roles.
    pub roles: Option<Vec<String>>,
    /// Ids of the user's organizations.
    pub organizations: Option<Vec<String>>,
    /// `<organization id>:<role name>` of every role the user has in an organization.
    pub organization_roles: Option<Vec<String>>,
    /// When the account was created, in **milliseconds** (Logto).
    pub created_at: Option<Milliseconds>,
    /// When the account was last updated, in **milliseconds** (Logto; OpenID Connect has seconds).
    pub updated_at: Option<Milliseconds>,
}

impl ProfileClaims {
    /// The first of name, username, email address and phone number that is not empty.
    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        [&self.name, &self.username, &self.email, &self.phone_number]
            .into_iter()
            .find_map(|claim| claim.as_deref().filter(|text| !text.is_empty()))
    }

    /// The user's roles in one organization. `None` if these claims do not contain roles.
    #[must_use]
    pub fn roles_in<'a>(&'a self, organization_id: &'a str) -> Option<impl Iterator<Item = &'a str>> {
        let roles = self.organization_roles.as_ref()?.iter();
        Some(roles.filter_map(move |entry| entry.strip_prefix(organization_id)?.strip_prefix(':')))
    }
}

/// The claims of an ID token (OIDC Core §2).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct IdTokenClaims {
    /// Issuer: `<endpoint>/oidc`.
    pub iss: String,
    /// Subject: the user's id.
    pub sub: String,
    /// Audience: the app id.
    pub aud: Audience,
    /// When the token expires, in seconds.
    pub exp: Timestamp,
    /// When it was issued, in seconds.
    pub iat: Timestamp,
    /// When the user last entered credentials, in seconds. Present if `max_age` was requested.
    pub auth_time: Option<Timestamp>,
    /// The class that the authentication has reached. Logto sends it since 1.46, unless the user
    /// has signed in only at a connector.
    ///
    /// To decide something, use [`Session::acr`](crate::session::Session::acr), which limits the
    /// claim of a refreshed token to the class of the sign-in.
    pub acr: Option<Acr>,
    /// How the user has signed in. Logto sends it since 1.46.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub amr: Vec<Amr>,
    /// The nonce of the sign-in.
    pub nonce: Option<String>,
    /// The party the token was issued to.
    pub azp: Option<String>,
    /// The id of the provider's session. Present if the application's back-channel logout settings
    /// require it.
    pub sid: Option<String>,
    /// Not before, in seconds.
    pub nbf: Option<Timestamp>,
    /// Hash of the access token. Logto sends none.
    pub at_hash: Option<String>,
    /// The profile claims.
    #[serde(flatten)]
    pub profile: ProfileClaims,
    /// All other claims.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The response of the userinfo endpoint (OIDC Core §5.3.2).
#[doc(alias = "UserInfoResponse")]
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct UserInfo {
    /// Subject: the user's id.
    pub sub: String,
    /// The profile claims.
    #[serde(flatten)]
    pub profile: ProfileClaims,
    /// Custom data of the user (scope `custom_data`).
    pub custom_data: Option<Value>,
    /// Social identities by connector target (scope `identities`).
    #[serde(default, deserialize_with = "null_as_empty")]
    pub identities: BTreeMap<String, Value>,
    /// Enterprise identities (scope `identities`).
    #[serde(default, deserialize_with = "null_as_empty")]
    pub sso_identities: Vec<Value>,
    /// The user's organizations (scope `urn:logto:scope:organizations`).
    #[serde(default, deserialize_with = "null_as_empty")]
    pub organization_data: Vec<OrganizationData>,
    /// All other claims.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// One organization in userinfo.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OrganizationData {
    /// The organization's id.
    pub id: String,
    /// Its name.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub name: String,
    /// Its description.
    pub description: Option<String>,
}

/// The claims of a JWT access token (RFC 9068 §2.2).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AccessTokenClaims {
    /// Issuer: `<endpoint>/oidc`.
    pub iss: String,
    /// Subject: the user's id.
    pub sub: String,
    /// Audience: the resource indicator, or [`organization_urn`](crate::organization_urn).
    pub aud: Audience,
    /// When the token expires, in seconds.
    pub exp: Timestamp,
    /// When it was issued, in seconds.
    pub iat: Timestamp,
    /// The token's id.
    pub jti: Option<String>,
    /// The app that the token was issued to.
    pub client_id: Option<String>,
    /// When the user last entered credentials, in seconds.
    pub auth_time: Option<Timestamp>,
    /// The class that the authentication has reached. Logto sends it since 1.46.
    pub acr: Option<Acr>,
    /// How the user has signed in. Logto sends it since 1.46.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub amr: Vec<Amr>,
    /// Not before, in seconds.
    pub nbf: Option<Timestamp>,
    /// The organization, if the token is for a resource within one.
    pub organization_id: Option<String>,
    /// The party that acts for the user, after a token exchange with an actor (RFC 8693 §4.1).
    pub act: Option<Actor>,
    /// Space-separated scopes; empty if the user has no permission. See
    /// [`AccessTokenClaims::scopes`].
    #[serde(default, deserialize_with = "null_as_empty")]
    pub scope: String,
    /// All other claims.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl AccessTokenClaims {
    /// The organization that the token is for: from the claim `organization_id`, or else from the
    /// audience.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        match &self.organization_id {
            Some(id) => Some(id),
            None => self.aud.organization(),
        }
    }

    /// The granted scopes.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.split_ascii_whitespace()
    }

    /// Whether `scope` was granted.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes().any(|granted| granted == scope)
    }
}

/// The party that acts for the subject of a token (RFC 8693 §4.1): impersonation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Actor {
    /// The id of the user who acts.
    pub sub: String,
    /// The earlier actor, if the token was exchanged several times. It proves nothing about the
    /// present one (RFC 8693 §4.1).
    pub act: Option<Box<Self>>,
}

/// One audience or several (RFC 7519 §4.1.3).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Audience {
    /// A string, as Logto sends it.
    One(String),
    /// An array.
    Many(Vec<String>),
}

impl Audience {
    /// All audiences.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(audience) => std::slice::from_ref(audience),
            Self::Many(audiences) => audiences,
        }
    }

    /// The organization, if exactly one audience is an organization.
    pub(crate) fn organization(&self) -> Option<&str> {
        let mut ids = self
            .as_slice()
            .iter()
            .filter_map(|audience| organization_id_of(audience));
        ids.next().filter(|_| ids.next().is_none())
    }

    /// Whether `audience` is one of the audiences.
    #[must_use]
    pub fn contains(&self, audience: &str) -> bool {
        self.as_slice().iter().any(|one| one == audience)
    }
}

pub(crate) fn null_as_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_claims_are_accepted_and_unknown_ones_kept() {
        let claims: IdTokenClaims = serde_json::from_value(serde_json::json!({
            "iss": "https://a.logto.app/oidc", "sub": "u1", "aud": "app", "exp": 2, "iat": 1,
            "name": null, "picture": null, "roles": null, "username": "ada",
            "created_at": 1_700_000_000_123_u64, "updated_at": 1_700_000_001_000_u64, "favourite": "tea",
        }))
        .unwrap();
        assert_eq!(claims.profile.name, None);
        assert_eq!(claims.profile.roles, None);
        assert_eq!(claims.profile.created_at.unwrap().as_millis(), 1_700_000_000_123);
        assert_eq!(claims.extra["favourite"], "tea");
        assert!(!claims.extra.contains_key("username"));
        assert_eq!(claims.profile.display_name(), Some("ada"));
    }

    #[test]
    fn an_organization_id_that_is_a_prefix_of_another_matches_only_itself() {
        let profile = ProfileClaims {
            organization_roles: Some(vec!["o1:admin".into(), "o11:member".into(), "o1:editor".into()]),
            ..ProfileClaims::default()
        };
        let roles_in = |id| profile.roles_in(id).map(Iterator::collect::<Vec<_>>);
        assert_eq!(roles_in("o1").unwrap(), ["admin", "editor"]);
        assert_eq!(roles_in("o11").unwrap(), ["member"]);
    }

    #[test]
    fn a_missing_list_is_not_an_empty_one() {
        let read = |text| serde_json::from_str::<ProfileClaims>(text).unwrap();
        for silent in ["{}", r#"{"organizations":null,"organization_roles":null,"roles":null}"#] {
            let profile = read(silent);
            assert_eq!(
                (&profile.organizations, &profile.organization_roles, &profile.roles),
                (&None, &None, &None)
            );
            assert!(profile.roles_in("o1").is_none());
        }
        let nowhere = read(r#"{"organizations":[],"organization_roles":[]}"#);
        assert_eq!(nowhere.organizations, Some(Vec::new()));
        assert_eq!(nowhere.roles_in("o1").map(Iterator::count), Some(0));
    }

    #[test]
    fn an_audience_is_a_string_or_an_array() {
        assert!(serde_json::from_str::<Audience>("\"app\"").unwrap().contains("app"));
        assert!(
            serde_json::from_str::<Audience>("[\"x\",\"app\"]")
                .unwrap()
                .contains("app")
        );
        assert!(
            !serde_json::from_str::<Audience>("\"application\"")
                .unwrap()
                .contains("app")
        );
    }

    #[test]
    fn a_token_without_permission_has_no_scopes() {
        let claims: AccessTokenClaims = serde_json::from_value(serde_json::json!({
            "iss": "i", "sub": "u", "aud": "r", "exp": 2, "iat": 1, "scope": "",
        }))
        .unwrap();
        assert_eq!(claims.scopes().count(), 0);
        assert!(!claims.has_scope(""));
    }
}
