//! Token answers that lack something or say it wrongly.

use serde_json::{Map, Value, json};

use super::Tweak;

/// A token endpoint that answers wrongly (RFC 6749 §5.1). Apart from [`Error`](Self::Error), the
/// grant is handled: what was issued stays issued.
#[derive(Clone, Debug)]
pub enum TokenFault {
    /// No `id_token`.
    IdTokenMissing,
    /// No `access_token`.
    AccessTokenMissing,
    /// `access_token` is empty.
    AccessTokenEmpty,
    /// No `refresh_token`.
    RefreshTokenMissing,
    /// Rotates now, whatever the rule says. Not wrong by itself.
    RotateRefreshToken,
    /// `token_type` is `mac`.
    TokenTypeOther,
    /// No `token_type`.
    TokenTypeMissing,
    /// No `expires_in`. Not wrong by itself.
    ExpiresInMissing,
    /// `expires_in` is -3600.
    ExpiresInNegative,
    /// `expires_in` is the text `"3600"`.
    ExpiresInString,
    /// The tenant's script for claims denies access tokens for resources and organizations: 400
    /// `access_denied` for these alone.
    DeniedByScript,
    /// An error instead of handling the grant, such as 400 and `invalid_grant`.
    Error(u16, &'static str),
    /// Any other change; from [`response`](Self::response).
    Response(Tweak<Map<String, Value>>),
}

impl TokenFault {
    /// Any change to the answer.
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
            // Done before or while the grant is handled.
            Self::Error(..) | Self::RotateRefreshToken | Self::DeniedByScript => {}
        }
    }
}
