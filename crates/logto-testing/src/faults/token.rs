//! Wrong token responses.

use serde_json::{Map, Value, json};

use super::tweak::Tweak;

/// A wrong token response (RFC 6749 §5.1).
///
/// Except with [`Error`](Self::Error), the endpoint handles the grant: a code is used up, and issued
/// tokens are valid. Where the documentation says "valid", clients must accept the response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TokenFault {
    /// `id_token` is missing.
    IdTokenMissing,
    /// `access_token` is missing.
    AccessTokenMissing,
    /// `access_token` is empty.
    AccessTokenEmpty,
    /// `refresh_token` is missing.
    RefreshTokenMissing,
    /// The refresh token is rotated, whatever the [`RotationRule`](crate::RotationRule). Valid.
    RotateRefreshToken,
    /// `token_type` is `mac`.
    TokenTypeOther,
    /// `token_type` is missing.
    TokenTypeMissing,
    /// `expires_in` is missing. Valid.
    ExpiresInMissing,
    /// `expires_in` is -3600.
    ExpiresInNegative,
    /// `expires_in` is the string `"3600"`.
    ExpiresInString,
    /// The tenant's script for custom claims denies access tokens for API resources and
    /// organizations: requests for these, and no others, return 400 `access_denied`. The refresh
    /// token has rotated by then if it was due, and the response lacks the new one.
    DeniedByScript,
    /// Like [`DeniedByScript`](Self::DeniedByScript), but the script fails, and the tenant blocks
    /// tokens on errors: 400 `invalid_request`.
    FailedByScript,
    /// This status and error code, such as 400 and `invalid_grant`; the grant is not handled.
    Error(u16, &'static str),
    /// Any other change; created by [`response`](Self::response).
    Response(Tweak<Map<String, Value>>),
}

impl TokenFault {
    /// Applies any change to the response.
    pub fn response(change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) -> Self {
        Self::Response(Tweak::new(change))
    }

    pub(crate) fn apply(&self, response: &mut Map<String, Value>) {
        let mut set = |field: &str, value| drop(response.insert(field.to_owned(), value));
        match self {
            Self::AccessTokenEmpty => set("access_token", json!("")),
            Self::TokenTypeOther => set("token_type", json!("mac")),
            Self::ExpiresInNegative => set("expires_in", json!(-3600)),
            Self::ExpiresInString => set("expires_in", json!("3600")),
            Self::IdTokenMissing => drop(response.remove("id_token")),
            Self::AccessTokenMissing => drop(response.remove("access_token")),
            Self::RefreshTokenMissing => drop(response.remove("refresh_token")),
            Self::TokenTypeMissing => drop(response.remove("token_type")),
            Self::ExpiresInMissing => drop(response.remove("expires_in")),
            Self::Response(tweak) => tweak.apply(response),
            // Handled by the endpoint.
            Self::Error(..) | Self::RotateRefreshToken | Self::DeniedByScript | Self::FailedByScript => {}
        }
    }
}
