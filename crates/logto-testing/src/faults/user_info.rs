//! Wrong userinfo responses.

use serde_json::{Map, Value, json};

use super::tweak::Tweak;

/// A wrong userinfo response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum UserInfoFault {
    /// `sub` names another user (OpenID Connect Core 1.0 §5.3.2).
    SubjectOther,
    /// `sub` is missing.
    SubjectMissing,
    /// 401 `invalid_token` for every access token.
    Unauthorized,
    /// Any other change; created by [`claims`](Self::claims).
    Claims(Tweak<Map<String, Value>>),
}

impl UserInfoFault {
    /// Applies any change to the claims.
    pub fn claims(change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) -> Self {
        Self::Claims(Tweak::new(change))
    }

    /// Changes the claims. Returns `false` if the endpoint is to answer 401.
    pub(crate) fn apply(&self, claims: &mut Map<String, Value>) -> bool {
        match self {
            Self::SubjectOther => drop(claims.insert("sub".to_owned(), json!("usr_mallory"))),
            Self::SubjectMissing => drop(claims.remove("sub")),
            Self::Claims(tweak) => tweak.apply(claims),
            Self::Unauthorized => return false,
        }
        true
    }
}
