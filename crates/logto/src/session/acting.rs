//! Acting as another user.

use std::fmt;

use crate::{clock::Timestamp, secret::SecretString};

/// The other user that the user of a session acts as.
///
/// It is an addition to the session, which still belongs to its own user: its ID token, its claims
/// and its tokens do not change. A token exchange yields neither an ID token nor a refresh token,
/// so acting ends with the exchanged access token.
#[derive(Clone)]
#[non_exhaustive]
pub struct ActingAs {
    /// The id of the other user.
    pub user_id: String,
    /// The name of the other user: the first of name, username, email address and phone number that
    /// is not empty.
    pub name: Option<String>,
    /// When acting ends: the exchanged token expires then.
    pub until: Timestamp,
    token: SecretString,
}

impl ActingAs {
    /// Creates the addition to a session. `token` is the opaque access token of the other user that
    /// an exchange of a [subject token](crate::TokenExchange::impersonation) has returned, and
    /// `until` is its expiry.
    #[must_use]
    pub fn new(
        user_id: impl Into<String>,
        name: Option<String>,
        token: impl Into<SecretString>,
        until: Timestamp,
    ) -> Self {
        Self {
            user_id: user_id.into(),
            name,
            until,
            token: token.into(),
        }
    }

    /// Returns the opaque access token of the other user, for userinfo and for exchanges.
    #[must_use]
    pub fn token(&self) -> &SecretString {
        &self.token
    }
}

/// Hides the token, and the name, which is personal data.
impl fmt::Debug for ActingAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActingAs")
            .field("user_id", &self.user_id)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_output_contains_neither_the_token_nor_the_name() {
        let acting = ActingAs::new("u2", Some("Bob Reader".into()), "t0ken", Timestamp::from_secs(1));
        let debug = format!("{acting:?}");
        assert!(debug.contains("u2"), "{debug}");
        assert!(!debug.contains("t0ken") && !debug.contains("Bob"), "{debug}");
    }
}
