//! Access tokens for API resources and organizations: JWTs as RFC 9068 describes them.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    jwt::{Jwt, object},
    random,
    shared::Shared,
};

/// Whom and what a resource's access token is for.
pub(crate) struct Audience<'a> {
    pub(crate) user_id: &'a str,
    pub(crate) aud: &'a str,
    /// A claim of its own only beside a resource; an organization token says it in `aud`.
    pub(crate) organization_id: Option<&'a str>,
    pub(crate) scopes: &'a BTreeSet<String>,
}

pub(crate) fn draft(shared: &Shared, audience: &Audience<'_>) -> Jwt {
    let now = shared.now();
    let mut claims = object(json!({
        "jti": random::id(),
        "sub": audience.user_id,
        "iat": now,
        "exp": now + shared.config.lifetimes.access_token,
        "client_id": shared.config.app_id,
        "iss": shared.issuer(),
        "aud": audience.aud,
    }));
    // Without scopes `oidc-provider` leaves the claim out, while the token response says `"scope":
    // ""`.
    if !audience.scopes.is_empty() {
        claims.insert("scope".to_owned(), json!(join(audience.scopes)));
    }
    if let Some(id) = audience.organization_id {
        claims.insert("organization_id".to_owned(), json!(id));
    }
    let mut jwt = Jwt::new(shared.keys.current(), claims);
    jwt.header.insert("typ".to_owned(), json!("at+jwt"));
    jwt
}

/// Scopes as a `scope` value, RFC 6749 §3.3.
pub(crate) fn join(scopes: &BTreeSet<String>) -> String {
    scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
