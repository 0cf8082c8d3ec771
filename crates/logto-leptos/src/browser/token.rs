//! The view of an access token.

use serde::{Deserialize, Serialize};

/// The properties of an access token, without the token.
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::{AuthError, browser::TokenView};
///
/// #[server]
/// async fn token() -> Result<TokenView, AuthError> {
///     use logto_leptos::{TokenTarget, access_token};
///
///     let issued = access_token(TokenTarget::resource("https://api.example.com")).await?;
///     Ok(TokenView::from(&issued))
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenView {
    /// The audience: a resource indicator or an organization's URN. `None` for the opaque token
    /// for userinfo.
    pub audience: Option<String>,
    /// The organization that the token is limited to.
    pub organization_id: Option<String>,
    /// The granted scopes: empty if the user has no permission.
    pub scopes: Vec<String>,
    /// When the token expires, in **seconds** since the Unix epoch.
    pub expires: u64,
    /// The same as text (RFC 3339), for the attribute `datetime` of `<time>`: a browser build needs
    /// no date library.
    pub expires_at: String,
    /// Whether the token was just refreshed. `false` for a token from the session.
    pub refreshed: bool,
    /// The claims of the token. Empty, unless [`TokenView::with_claims`] has added them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<TokenClaim>,
}

/// A claim of an access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenClaim {
    /// The name, such as `aud`.
    pub name: String,
    /// The value as JSON text, such as `"https://api.example.com"` with the quotes: a browser build
    /// needs no type for JSON.
    pub json: String,
}

#[cfg(feature = "ssr")]
mod from_server {
    use std::borrow::Cow;

    use super::{TokenClaim, TokenView};
    use crate::{AccessToken, IssuedToken, TokenTarget};

    impl From<&IssuedToken> for TokenView {
        fn from(issued: &IssuedToken) -> Self {
            Self {
                refreshed: issued.refreshed,
                ..Self::cached(&issued.target, &issued.token)
            }
        }
    }

    impl TokenView {
        /// Describes `token`, which the session holds for `target`.
        #[must_use]
        pub fn cached(target: &TokenTarget, token: &AccessToken) -> Self {
            Self {
                audience: target.audience().map(Cow::into_owned),
                organization_id: target.organization_id.clone(),
                scopes: token.scopes.clone(),
                expires: token.expires.as_secs(),
                expires_at: token.expires.to_rfc3339(),
                refreshed: false,
                claims: Vec::new(),
            }
        }

        /// Adds the claims of `token`, which are decoded without verification. An opaque token has
        /// none.
        ///
        /// Custom claims of the tenant are among them, and everything in a view may reach the
        /// browser. To show some claims only, filter the field `claims`.
        #[must_use]
        pub fn with_claims(self, token: &AccessToken) -> Self {
            let claims = token.unverified_claim_map().unwrap_or_default();
            let claims = claims.into_iter().map(|(name, value)| TokenClaim {
                name,
                json: value.to_string(),
            });
            Self {
                claims: claims.collect(),
                ..self
            }
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::TokenView;
    use crate::{AccessToken, Timestamp, TokenTarget};

    fn token(secret: &str) -> AccessToken {
        AccessToken::new(secret, vec!["read".to_owned()], Timestamp::from_secs(1_705_311_000))
    }

    fn jwt(claims: &Value) -> AccessToken {
        let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
        token(&format!("header.{payload}.signature"))
    }

    #[test]
    fn a_view_has_the_claims_as_json_text_and_not_the_token() {
        let token = jwt(&json!({ "aud": "https://api.example.com", "exp": 1_705_311_000, "plan": { "seats": 5 } }));
        let target = TokenTarget::resource("https://api.example.com");
        let view = TokenView::cached(&target, &token).with_claims(&token);
        let claims: Vec<_> = view
            .claims
            .iter()
            .map(|claim| (claim.name.as_str(), claim.json.as_str()))
            .collect();
        let expected = [
            ("aud", r#""https://api.example.com""#),
            ("exp", "1705311000"),
            ("plan", r#"{"seats":5}"#),
        ];
        assert_eq!(claims, expected);
        assert_eq!(view.expires_at, "2024-01-15T09:30:00Z");
        let json = serde_json::to_string(&view).unwrap();
        assert!(!json.contains("signature"), "{json}");
        assert_eq!(serde_json::from_str::<TokenView>(&json).unwrap(), view);
    }

    #[test]
    fn an_opaque_token_has_no_claims() {
        let token = token("opaque");
        let view = TokenView::cached(&TokenTarget::resource("r"), &token).with_claims(&token);
        assert!(view.claims.is_empty());
    }

    /// Custom claims may be for APIs alone.
    #[test]
    fn a_view_has_no_claims_unless_they_are_asked_for() {
        let token = jwt(&json!({ "internal": true }));
        let view = TokenView::cached(&TokenTarget::resource("r"), &token);
        assert!(view.claims.is_empty());
        assert!(!serde_json::to_string(&view).unwrap().contains("claims"));
    }
}
