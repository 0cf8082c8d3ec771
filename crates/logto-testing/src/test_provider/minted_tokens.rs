//! Tokens and documents without a sign-in, for tests of the code that verifies them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::provider::TestProvider;
use crate::{
    endpoints::{
        discovery,
        token::{
            access_token::{self, Audience},
            id_token,
        },
    },
    provider::Grant,
    random,
    tokens::jwt::{Jwt, object},
};

const BACKCHANNEL_LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

impl TestProvider {
    /// A back-channel logout token (OpenID Connect Back-Channel Logout 1.0 §2.4) for a subject, a
    /// session or both. `tweak` changes claims, header or signature.
    ///
    /// ```
    /// # use logto_testing::TestProvider;
    /// # async fn in_a_test(provider: TestProvider) {
    /// let subject = provider.user("ada").id;
    /// let valid = provider.logout_token(Some(&subject), None, |_| {});
    /// let unsigned = provider.logout_token(Some(&subject), None, |jwt| jwt.unsign());
    /// # }
    /// ```
    pub fn logout_token(&self, sub: Option<&str>, sid: Option<&str>, tweak: impl FnOnce(&mut Jwt)) -> String {
        let now = self.provider.now();
        let mut claims = object(json!({
            "iss": self.issuer(),
            "aud": self.app_id(),
            "iat": now,
            "exp": now + self.provider.config.lifetimes.logout_token,
            "jti": random::id(),
            "events": { BACKCHANNEL_LOGOUT_EVENT: {} },
        }));
        for (name, value) in [("sub", sub), ("sid", sid)] {
            if let Some(value) = value {
                claims.insert(name.to_owned(), json!(value));
            }
        }
        let mut jwt = Jwt::new(self.provider.keys.current(), claims);
        jwt.header.insert("typ".to_owned(), json!("logout+jwt"));
        tweak(&mut jwt);
        jwt.encode()
    }

    /// An ID token for a user, as a code exchange with these scopes returns it. Faults apply.
    pub fn id_token(&self, user: &str, nonce: Option<&str>, scopes: &[&str]) -> String {
        let user = self.user(user);
        let grant = Grant {
            user_id: user.id.clone(),
            oidc_scopes: set(scopes),
            resource_scopes: [].into(),
            nonce: nonce.map(str::to_owned),
            auth_time: None,
            authentication: None,
            sid: self.sid().unwrap_or_else(random::id),
            expires_at: u64::MAX,
        };
        id_token::mint(&self.provider, &user, &grant, &grant.oidc_scopes)
    }

    /// An access token for a user and an API resource or an organization's URN, with exactly these
    /// scopes, whatever the user's permissions. `tweak` changes claims, header or signature.
    pub fn access_token(&self, user: &str, audience: &str, scopes: &[&str], tweak: impl FnOnce(&mut Jwt)) -> String {
        let user_id = self.user(user).id;
        let scopes = set(scopes);
        let audience = Audience {
            user_id: &user_id,
            client_id: self.app_id(),
            aud: audience,
            organization_id: None,
            scopes: &scopes,
            authentication: None,
            actor: None,
        };
        let mut jwt = access_token::draft(&self.provider, &audience);
        tweak(&mut jwt);
        jwt.encode()
    }

    /// A JWT with these claims, signed with the provider's key. Its header has `alg` and `kid`;
    /// `tweak` changes claims, header or signature.
    pub fn jwt(&self, claims: Map<String, Value>, tweak: impl FnOnce(&mut Jwt)) -> String {
        let mut jwt = Jwt::new(self.provider.keys.current(), claims);
        tweak(&mut jwt);
        jwt.encode()
    }

    /// The current key set. Not logged as a request; faults do not apply.
    pub fn jwks(&self) -> Value {
        let keys: Vec<_> = self.provider.keys.published().iter().map(|key| key.jwk()).collect();
        json!({ "keys": keys })
    }

    /// The current discovery document. Not logged as a request; faults do not apply.
    pub fn metadata(&self) -> Value {
        Value::Object(discovery::document(&self.provider))
    }
}

fn set(scopes: &[&str]) -> BTreeSet<String> {
    scopes.iter().map(|&scope| scope.to_owned()).collect()
}
