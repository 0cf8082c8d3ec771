//! Logto's own authorization parameters, which its sign-in page evaluates.

use std::collections::BTreeMap;

use crate::requests::Params;

const NAMES: [&str; 8] = [
    "first_screen",
    "identifier",
    "login_hint",
    "direct_sign_in",
    "organization_id",
    "ui_locales",
    "one_time_token",
    "interaction_mode",
];

/// The parameters that reach the sign-in page. One invalid value drops them all, because Logto
/// parses them together.
pub(crate) fn accepted(params: &Params) -> BTreeMap<String, String> {
    let sent = || params.iter().filter(|(name, _)| NAMES.contains(name));
    if sent().all(|(name, value)| is_valid(name, value)) {
        sent()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    } else {
        BTreeMap::new()
    }
}

/// Whether the first page is the one that creates an account.
pub(crate) fn begin_with_registration(params: &Params) -> bool {
    let accepted = accepted(params);
    let first = accepted.get("first_screen").map(String::as_str);
    matches!(first, Some("register" | "identifier:register"))
}

fn is_valid(name: &str, value: &str) -> bool {
    match name {
        "first_screen" => matches!(
            value,
            "sign_in" | "register" | "reset_password" | "identifier:sign_in" | "identifier:register" | "single_sign_on"
        ),
        "identifier" => value.split(' ').all(|it| matches!(it, "email" | "phone" | "username")),
        "direct_sign_in" => match value.split_once(':') {
            Some(("social" | "sso", target)) => !target.is_empty(),
            _ => false,
        },
        "interaction_mode" => matches!(value, "signIn" | "signUp"),
        _ => !value.is_empty(),
    }
}
