//! Access tokens for API resources and organizations, RFC 9068.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    provider::{Authentication, Provider},
    random,
    tokens::jwt::{Jwt, object},
};

/// Subject, audience and scopes of an access token.
pub(crate) struct Audience<'a> {
    pub(crate) user_id: &'a str,
    /// The app that the token is issued to.
    pub(crate) client_id: &'a str,
    pub(crate) aud: &'a str,
    /// The claim of the same name; `None` for an organization token, whose `aud` names the
    /// organization.
    pub(crate) organization_id: Option<&'a str>,
    pub(crate) scopes: &'a BTreeSet<String>,
    /// When and how the user has authenticated, if the provider writes that into access tokens.
    pub(crate) authentication: Option<(u64, Authentication)>,
    /// The user who acts for the subject.
    pub(crate) actor: Option<&'a str>,
}

/// An access token that is not signed yet.
pub(crate) fn draft(provider: &Provider, audience: &Audience<'_>) -> Jwt {
    let now = provider.now();
    let mut claims = object(json!({
        "jti": random::id(),
        "sub": audience.user_id,
        "iat": now,
        "exp": now + provider.config.lifetimes.access_token,
        "client_id": audience.client_id,
        "iss": provider.issuer(),
        "aud": audience.aud,
    }));
    // Without scopes, `oidc-provider` omits the claim, but the token response has `"scope": ""`.
    if !audience.scopes.is_empty() {
        claims.insert("scope".to_owned(), json!(join(audience.scopes)));
    }
    if let Some(id) = audience.organization_id {
        claims.insert("organization_id".to_owned(), json!(id));
    }
    if let Some((time, authentication)) = audience.authentication {
        let (acr, amr) = authentication.claims();
        claims.extend(object(json!({ "auth_time": time, "acr": acr, "amr": amr })));
    }
    if let Some(actor) = audience.actor {
        claims.insert("act".to_owned(), json!({ "sub": actor }));
    }
    let mut jwt = Jwt::new(provider.keys.current(), claims);
    jwt.header.insert("typ".to_owned(), json!("at+jwt"));
    jwt
}

/// The value of the parameter `scope`, RFC 6749 §3.3.
pub(crate) fn join(scopes: &BTreeSet<String>) -> String {
    scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
