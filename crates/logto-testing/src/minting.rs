//! Tokens without a sign-in: for tests of what judges them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::{
    access_token::{self, Audience},
    grants::Grant,
    id_token,
    jwt::{Jwt, object},
    provider::TestProvider,
    random, routes,
};

const BACKCHANNEL_LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

impl TestProvider {
    /// A logout token (`OpenID` Connect Back-Channel Logout 1.0 §2.4) for a subject, a session or
    /// both, after `tweak` has changed what it wants: claims, header, signature.
    pub fn logout_token(&self, sub: Option<&str>, sid: Option<&str>, tweak: impl FnOnce(&mut Jwt)) -> String {
        let now = self.shared.now();
        let mut claims = object(json!({
            "iss": self.issuer(),
            "aud": self.app_id(),
            "iat": now,
            "exp": now + self.shared.config.lifetimes.logout_token,
            "jti": random::id(),
            "events": { BACKCHANNEL_LOGOUT_EVENT: {} },
        }));
        for (name, value) in [("sub", sub), ("sid", sid)] {
            if let Some(value) = value {
                claims.insert(name.to_owned(), json!(value));
            }
        }
        let mut jwt = Jwt::new(self.shared.keys.current(), claims);
        jwt.header.insert("typ".to_owned(), json!("logout+jwt"));
        tweak(&mut jwt);
        jwt.encode()
    }

    /// An ID token for a user, by username or id, as a code exchange with these scopes would give
    /// it. Faults apply.
    pub fn id_token(&self, user: &str, nonce: Option<&str>, scopes: &[&str]) -> String {
        let user = self.user(user);
        let grant = Grant {
            user_id: user.id.clone(),
            oidc_scopes: set(scopes),
            resource_scopes: [].into(),
            nonce: nonce.map(str::to_owned),
            auth_time: None,
            sid: self.sid().unwrap_or_else(random::id),
            expires_at: u64::MAX,
        };
        id_token::mint(&self.shared, &user, &grant, &grant.oidc_scopes)
    }

    /// An access token of a user, by username or id, for an API resource or an organization's URN,
    /// after `tweak`. Permissions are not asked for: the token carries exactly these scopes.
    pub fn access_token(&self, user: &str, audience: &str, scopes: &[&str], tweak: impl FnOnce(&mut Jwt)) -> String {
        let user_id = self.user(user).id;
        let scopes = set(scopes);
        let audience = Audience {
            user_id: &user_id,
            aud: audience,
            organization_id: None,
            scopes: &scopes,
        };
        let mut jwt = access_token::draft(&self.shared, &audience);
        tweak(&mut jwt);
        jwt.encode()
    }

    /// Any claims, signed with the provider's key; the header is `alg` and `kid` unless `tweak`
    /// adds to it.
    pub fn jwt(&self, claims: Map<String, Value>, tweak: impl FnOnce(&mut Jwt)) -> String {
        let mut jwt = Jwt::new(self.shared.keys.current(), claims);
        tweak(&mut jwt);
        jwt.encode()
    }

    /// The key set as it would be served now, without counting as a request. Faults do not apply.
    pub fn jwks(&self) -> Value {
        let keys: Vec<_> = self.shared.keys.published().iter().map(|key| key.jwk()).collect();
        json!({ "keys": keys })
    }

    /// The discovery document as it would be served now, without counting as a request. Faults do
    /// not apply.
    pub fn metadata(&self) -> Value {
        Value::Object(routes::discovery::document(&self.shared))
    }
}

fn set(scopes: &[&str]) -> BTreeSet<String> {
    scopes.iter().map(|&scope| scope.to_owned()).collect()
}
