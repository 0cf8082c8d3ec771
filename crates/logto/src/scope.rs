//! Logto's scopes, reserved resources and organization URNs.

use std::fmt;

macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($(#[$item_meta:meta])* $item:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$item_meta])* $item,)+ }

        impl $name {
            /// All values.
            pub const ALL: &'static [Self] = &[$(Self::$item,)+];

            /// The name in a request.
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
    /// A scope for claims about the user.
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
        /// `custom_data` in userinfo.
        CustomData = "custom_data",
        /// `identities` and `sso_identities` in userinfo.
        Identities = "identities",
        /// `roles`.
        Roles = "roles",
        /// `organizations`, `organization_data` in userinfo, and organization tokens.
        Organizations = "urn:logto:scope:organizations",
        /// `organization_roles`.
        OrganizationRoles = "urn:logto:scope:organization_roles",
        /// The user's active sessions, in userinfo.
        Sessions = "urn:logto:scope:sessions",
    }
}

names! {
    /// A scope that every sign-in requests, unless
    /// [`with_reserved_scopes`](crate::LogtoConfig::with_reserved_scopes) is off.
    ReservedScope {
        /// An ID token (OIDC Core §3.1.2.1).
        OpenId = "openid",
        /// A refresh token (OIDC Core §11). Logto drops it without `prompt=consent`.
        OfflineAccess = "offline_access",
        /// The profile claims.
        Profile = "profile",
    }
}

names! {
    /// A resource indicator with a special meaning.
    ReservedResource {
        /// Organization tokens. Added automatically with the scope [`UserScope::Organizations`].
        Organization = "urn:logto:resource:organizations",
    }
}

const ORGANIZATION_URN: &str = "urn:logto:organization:";

/// Returns the audience of a token for the organization `id`.
///
/// ```
/// assert_eq!(logto::organization_urn("o1"), "urn:logto:organization:o1");
/// ```
#[doc(alias = "buildOrganizationUrn")]
#[must_use]
pub fn organization_urn(id: &str) -> String {
    format!("{ORGANIZATION_URN}{id}")
}

/// Returns the organization id in an audience, the reverse of [`organization_urn`].
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
