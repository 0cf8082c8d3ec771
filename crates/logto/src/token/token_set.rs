//! Access tokens, and the tokens of one response.

use serde_json::{Map, Value};

use crate::{
    claims::AccessTokenClaims,
    clock::Timestamp,
    id_token::VerifiedIdToken,
    jwt::unverified_claims,
    secret::{ExposeSecret as _, SecretString},
};

/// An access token with its scopes and expiry.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccessToken {
    /// The token itself.
    pub secret: SecretString,
    /// The granted scopes. Empty if the user has no permission.
    pub scopes: Vec<String>,
    /// When the token expires.
    pub expires: Timestamp,
}

impl AccessToken {
    /// Creates an access token from its parts.
    #[must_use]
    pub fn new(secret: impl Into<SecretString>, scopes: Vec<String>, expires: Timestamp) -> Self {
        Self {
            secret: secret.into(),
            scopes,
            expires,
        }
    }

    /// Returns the value of the `Authorization` header for a request: `Bearer …`.
    ///
    /// ```
    /// # let token = logto::AccessToken::new("t", vec![], logto::Timestamp::from_secs(0));
    /// assert_eq!(token.authorization(), "Bearer t");
    /// ```
    #[must_use]
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.secret.expose_secret())
    }

    /// Decodes the claims of a JWT access token without verification. `None` for an opaque token.
    ///
    /// Use the claims for display only, not for authorization.
    #[doc(alias = "getAccessTokenClaims")]
    #[must_use]
    pub fn unverified_claims(&self) -> Option<AccessTokenClaims> {
        unverified_claims(self.secret.expose_secret())
    }

    /// Like [`AccessToken::unverified_claims`], with every claim by its name.
    #[must_use]
    pub fn unverified_claim_map(&self) -> Option<Map<String, Value>> {
        unverified_claims(self.secret.expose_secret())
    }

    /// Whether `scope` was granted.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// The tokens in a response of the token endpoint.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use = "the grant ends if a rotated refresh token is lost"]
pub struct TokenSet {
    /// The access token.
    pub access_token: AccessToken,
    /// The refresh token, if the provider sent one. After a refresh it replaces the old one.
    pub refresh_token: Option<SecretString>,
    /// The verified ID token.
    pub id_token: Option<VerifiedIdToken>,
}

impl TokenSet {
    /// Creates a token set with an access token only.
    pub fn new(access_token: AccessToken) -> Self {
        Self {
            access_token,
            refresh_token: None,
            id_token: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_token() {
        let token = AccessToken {
            secret: "t0ken".into(),
            scopes: vec![],
            expires: Timestamp::from_secs(1),
        };
        assert!(!format!("{token:?}").contains("t0ken"));
    }
}
