//! ID tokens as Logto issues them: `aud` is a string, there is no `at_hash` and no `typ`, and
//! `auth_time` is present only if the request had `max_age`, or with step-up authentication.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    config::User,
    faults::{IdTokenFault, Signer},
    provider::{Grant, Provider},
    tokens::{Jwt, claims},
};

/// An encoded ID token, with the faults that are switched on.
pub(crate) fn mint(provider: &Provider, user: &User, grant: &Grant, scopes: &BTreeSet<String>) -> String {
    let now = provider.now();
    let mut claims = claims::for_id_token(user, scopes);
    claims.retain(|name, _| !provider.config.excluded_id_token_claims.contains(name));
    let mut set = |name: &str, value| claims.insert(name.to_owned(), value);
    if let Some(auth_time) = grant.auth_time {
        set("auth_time", json!(auth_time));
    }
    if let Some(authentication) = grant.authentication {
        let (acr, amr) = authentication.claims();
        set("acr", json!(acr));
        set("amr", json!(amr));
    }
    if let Some(nonce) = &grant.nonce {
        set("nonce", json!(nonce));
    }
    if provider.config.backchannel_session_required {
        set("sid", json!(grant.sid));
    }
    set("aud", json!(provider.config.app_id));
    set("exp", json!(now + provider.config.lifetimes.id_token));
    set("iat", json!(now));
    set("iss", json!(provider.issuer()));
    let mut jwt = Jwt::new(provider.keys.current(), claims);
    let signer = Signer {
        config: &provider.config,
        keys: &provider.keys,
        now,
    };
    let mut replacement = None;
    for fault in provider.faults.take::<IdTokenFault>() {
        replacement = fault.apply(&mut jwt, &signer).or(replacement);
    }
    replacement.unwrap_or_else(|| jwt.encode())
}
