//! The claims of each scope, and their values in userinfo.

use logto_leptos::UserInfo;
use serde_json::Value;

/// A scope and its claims.
pub(super) struct ScopeClaims {
    pub(super) scope: &'static str,
    pub(super) claims: &'static [&'static str],
}

const fn scope(scope: &'static str, claims: &'static [&'static str]) -> ScopeClaims {
    ScopeClaims { scope, claims }
}

/// The user scopes of Logto.
pub(super) const SCOPES: [ScopeClaims; 10] = [
    scope("openid", &["sub"]),
    scope(
        "profile",
        &[
            "name",
            "username",
            "picture",
            "given_name",
            "family_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "created_at",
            "updated_at",
        ],
    ),
    scope("email", &["email", "email_verified"]),
    scope("phone", &["phone_number", "phone_number_verified"]),
    scope("address", &["address"]),
    scope("roles", &["roles"]),
    scope("custom_data", &["custom_data"]),
    scope("identities", &["identities", "sso_identities"]),
    scope("urn:logto:scope:organizations", &["organizations", "organization_data"]),
    scope("urn:logto:scope:organization_roles", &["organization_roles"]),
];

/// Returns the value of a claim in userinfo. `None` if it is missing or empty.
pub(super) fn in_user_info(info: &UserInfo, claim: &str) -> Option<Value> {
    macro_rules! find {
        ($($name:ident)+) => {
            match claim {
                $(stringify!($name) => serde_json::json!(info.profile.$name),)+
                "sub" => serde_json::json!(info.sub),
                "custom_data" => serde_json::json!(info.custom_data),
                "identities" => serde_json::json!(info.identities),
                "sso_identities" => serde_json::json!(info.sso_identities),
                "organization_data" => organization_data(info),
                other => info.extra.get(other).cloned().unwrap_or_default(),
            }
        };
    }
    let value = find!(
        name username picture given_name family_name middle_name nickname preferred_username profile website gender
        birthdate zoneinfo locale created_at updated_at email email_verified phone_number phone_number_verified address
        roles organizations organization_roles
    );
    (!is_empty(&value)).then_some(value)
}

/// Whether a value is `null` or an empty list.
pub(super) fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn organization_data(info: &UserInfo) -> Value {
    let organizations = info.organization_data.iter().map(|organization| {
        serde_json::json!({ "id": organization.id, "name": organization.name, "description": organization.description })
    });
    organizations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_user_info_finds_every_claim_of_every_scope() {
        let mut all = serde_json::Map::new();
        for claim in SCOPES.iter().flat_map(|scope| scope.claims) {
            let value = match *claim {
                "email_verified" | "phone_number_verified" => serde_json::json!(true),
                "created_at" | "updated_at" => serde_json::json!(1_705_311_000_123_u64),
                "roles" | "organizations" | "organization_roles" => serde_json::json!(["one"]),
                "organization_data" => serde_json::json!([{ "id": "o1", "name": "One", "description": null }]),
                "custom_data" | "identities" => serde_json::json!({ "key": "value" }),
                "sso_identities" => serde_json::json!([{ "issuer": "one" }]),
                _ => serde_json::json!("text"),
            };
            all.insert((*claim).to_owned(), value);
        }
        let info: UserInfo = serde_json::from_value(Value::Object(all.clone())).unwrap();
        for (claim, value) in all {
            assert_eq!(in_user_info(&info, &claim), Some(value), "{claim}");
        }
    }
}
