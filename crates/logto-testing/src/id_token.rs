//! ID tokens as Logto makes them: `aud` a string, no `at_hash`, no `typ`, `auth_time` only after
//! `max_age`.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{claims, grants::Grant, jwt::Jwt, shared::Shared, user::User};

/// An ID token for `user`, after whatever lies are switched on.
pub(crate) fn mint(shared: &Shared, user: &User, grant: &Grant, scopes: &BTreeSet<String>) -> String {
    let now = shared.now();
    let mut claims = claims::for_id_token(user, scopes);
    claims.retain(|name, _| !shared.config.left_out_of_id_tokens.contains(name));
    let mut set = |name: &str, value| claims.insert(name.to_owned(), value);
    if let Some(auth_time) = grant.auth_time {
        set("auth_time", json!(auth_time));
    }
    if let Some(nonce) = &grant.nonce {
        set("nonce", json!(nonce));
    }
    if shared.config.backchannel_session_required {
        set("sid", json!(grant.sid));
    }
    set("aud", json!(shared.config.app_id));
    set("exp", json!(now + shared.config.lifetimes.id_token));
    set("iat", json!(now));
    set("iss", json!(shared.issuer()));
    let mut jwt = Jwt::new(shared.keys.current(), claims);
    let mut garbage = None;
    for fault in shared.faults.id_token() {
        garbage = fault.apply(&mut jwt, shared).or(garbage);
    }
    garbage.unwrap_or_else(|| jwt.encode())
}
