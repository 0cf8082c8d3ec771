//! Logto's scopes, reserved resources and organization URNs.

use std::fmt;

macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($(#[$item_meta:meta])* $item:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$item_meta])* $item,)+ }

        impl $name {
            /// The name as it stands in a request.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$item => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.as_str().to_owned()
            }
        }
    };
}

names! {
    /// Scopes about the user that Logto knows.
    ///
    /// ```
    /// assert_eq!(logto::UserScope::Organizations.as_str(), "urn:logto:scope:organizations");
    /// ```
    UserScope {
        /// Name, username, picture and the other OpenID Connect profile claims.
        Profile = "profile",
        /// `email`, `email_verified`.
        Email = "email",
        /// `phone_number`, `phone_number_verified`.
        Phone = "phone",
        /// `address`.
        Address = "address",
        /// Userinfo: `custom_data`.
        CustomData = "custom_data",
        /// Userinfo: `identities` and `sso_identities`.
        Identities = "identities",
        /// `roles`.
        Roles = "roles",
        /// `organizations`, userinfo `organization_data`, and organization tokens.
        Organizations = "urn:logto:scope:organizations",
        /// `organization_roles`.
        OrganizationRoles = "urn:logto:scope:organization_roles",
        /// Userinfo: the user's active sessions.
        Sessions = "urn:logto:scope:sessions",
    }
}

names! {
    /// Scopes that every sign-in asks for, unless `include_reserved_scopes` is off.
    ReservedScope {
        /// Makes the request an OpenID Connect one (OIDC Core §3.1.2.1).
        OpenId = "openid",
        /// A refresh token (OIDC Core §11). Logto drops it unless `prompt=consent` comes along.
        OfflineAccess = "offline_access",
        /// The profile claims.
        Profile = "profile",
    }
}

names! {
    /// Resource indicators with a meaning of their own.
    ReservedResource {
        /// Asks for organization tokens; joined automatically to the scope
        /// [`UserScope::Organizations`].
        Organization = "urn:logto:resource:organizations",
    }
}

const ORGANIZATION_URN: &str = "urn:logto:organization:";

/// The audience of a token for the organization `id`.
///
/// ```
/// assert_eq!(logto::organization_urn("o1"), "urn:logto:organization:o1");
/// ```
#[doc(alias = "buildOrganizationUrn")]
#[must_use]
pub fn organization_urn(id: &str) -> String {
    format!("{ORGANIZATION_URN}{id}")
}

/// The organization id in an audience made by [`organization_urn`].
///
/// ```
/// assert_eq!(logto::organization_id_of("urn:logto:organization:o1"), Some("o1"));
/// assert_eq!(logto::organization_id_of("https://api.example.com"), None);
/// ```
#[doc(alias = "getOrganizationIdFromUrn")]
#[must_use]
pub fn organization_id_of(urn: &str) -> Option<&str> {
    urn.strip_prefix(ORGANIZATION_URN).filter(|id| !id.is_empty())
}
