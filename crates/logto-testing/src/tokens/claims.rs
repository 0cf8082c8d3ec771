//! Claims by scope, as Logto's `core-kit/openid.ts` maps them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::config::{Organization, User};

pub(crate) const ORGANIZATIONS: &str = "urn:logto:scope:organizations";
const ORGANIZATION_ROLES: &str = "urn:logto:scope:organization_roles";

/// The scopes of the provider itself, without those of API resources.
pub(crate) const OIDC_SCOPES: [&str; 12] = [
    "openid",
    "offline_access",
    "profile",
    "email",
    "phone",
    "address",
    "custom_data",
    "identities",
    "roles",
    ORGANIZATIONS,
    ORGANIZATION_ROLES,
    "urn:logto:scope:sessions",
];

/// The user's claims in an ID token with these scopes.
pub(crate) fn for_id_token(user: &User, scopes: &BTreeSet<String>) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), json!(user.id));
    let mut add = |scope: &str, more: Value| {
        if let (true, Value::Object(more)) = (scopes.contains(scope), more) {
            claims.extend(more);
        }
    };
    add("profile", profile(user));
    add(
        "email",
        json!({ "email": user.email, "email_verified": user.email.is_some() }),
    );
    add(
        "phone",
        json!({ "phone_number": user.phone, "phone_number_verified": user.phone.is_some() }),
    );
    if let Some(address) = user.profile.get("address") {
        add("address", json!({ "address": address }));
    }
    add("roles", json!({ "roles": user.roles }));
    let ids: Vec<_> = user
        .memberships
        .iter()
        .map(|membership| &membership.organization_id)
        .collect();
    add(ORGANIZATIONS, json!({ "organizations": ids }));
    add(
        ORGANIZATION_ROLES,
        json!({ "organization_roles": organization_roles(user) }),
    );
    claims
}

/// The user's claims at the userinfo endpoint: those of the ID token and the larger ones.
pub(crate) fn for_user_info(user: &User, scopes: &BTreeSet<String>, all: &[Organization]) -> Map<String, Value> {
    let mut claims = for_id_token(user, scopes);
    if scopes.contains("custom_data") {
        claims.insert("custom_data".to_owned(), user.custom_data.clone());
    }
    if scopes.contains("identities") {
        claims.insert("identities".to_owned(), user.identities.clone());
        claims.insert("sso_identities".to_owned(), user.sso_identities.clone());
    }
    if scopes.contains(ORGANIZATIONS) {
        claims.insert("organization_data".to_owned(), organization_data(user, all));
    }
    claims
}

/// `name`, `picture` and `username` may be `null`; other absent claims are omitted.
fn profile(user: &User) -> Value {
    let mut claims = user.profile.clone();
    claims.remove("address");
    claims.insert("name".to_owned(), json!(user.name));
    claims.insert("picture".to_owned(), json!(user.picture));
    claims.insert("username".to_owned(), json!(user.username_claim()));
    claims.insert("created_at".to_owned(), json!(user.created_at));
    claims.insert("updated_at".to_owned(), json!(user.updated_at));
    Value::Object(claims)
}

fn organization_roles(user: &User) -> Vec<String> {
    user.memberships
        .iter()
        .flat_map(|membership| {
            membership
                .roles
                .iter()
                .map(|role| format!("{}:{role}", membership.organization_id))
        })
        .collect()
}

fn organization_data(user: &User, all: &[Organization]) -> Value {
    let of_user = all
        .iter()
        .filter(|organization| user.membership(&organization.id).is_some());
    of_user
        .map(|it| json!({ "id": it.id, "name": it.name, "description": it.description }))
        .collect()
}
