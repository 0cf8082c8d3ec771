use logto_leptos::{LogtoConfig, UserScope};

/// The scopes of this app: groups of claims about the user.
///
/// `openid`, `profile` and `offline_access` are always requested.
pub const USER_SCOPES: [UserScope; 8] = [
    UserScope::Email,
    UserScope::Phone,
    UserScope::CustomData,
    UserScope::Identities,
    UserScope::Roles,
    UserScope::Organizations,
    UserScope::OrganizationRoles,
    UserScope::Sessions,
];

/// Requests the scopes at every sign-in. They replace those of an earlier call, and those of
/// `LOGTO_SCOPES`: name the permissions of your APIs in the same list.
pub fn with_more_claims(logto: LogtoConfig) -> LogtoConfig {
    logto.with_scopes(USER_SCOPES)
}
