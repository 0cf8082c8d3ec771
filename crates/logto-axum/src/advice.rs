//! Advice for users whose sign-in failed, by the stable code of the error.

use std::time::Duration;

use crate::texts::{Translation, Translations};

/// A text for users: what happened, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// The stable code. It is never text from a request.
    pub code: &'static str,
    /// What happened, in a few words.
    pub title: String,
    /// What to do.
    pub advice: String,
}

/// Returns the advice for the code of a failed sign-in, in English. An unknown code gets general
/// advice that does not quote it.
///
/// [`AuthSession::advice`](crate::AuthSession::advice) returns it in the visitor's language.
///
/// ```
/// assert_eq!(logto_axum::advice("access_denied").title, "You did not sign in");
/// assert_eq!(logto_axum::advice("<script>").code, "unknown_error");
/// ```
#[must_use]
pub fn advice(code: &str) -> Advice {
    advice_in(Translations::english(), code)
}

/// Returns a sentence that says when to try again, in English, for a delay from
/// [`Diagnose::retry_after`](crate::Diagnose).
///
/// The page for failed sign-ins finds the delay, in seconds, in the parameter `retry_after` of its
/// query, if it is known. [`AuthSession::try_again_in`](crate::AuthSession::try_again_in) returns
/// the sentence in the visitor's language.
///
/// ```
/// use std::time::Duration;
///
/// assert_eq!(logto_axum::try_again_in(Duration::from_secs(30)), "Try again in 30 seconds.");
/// assert_eq!(logto_axum::try_again_in(Duration::from_secs(600)), "Try again in 10 minutes.");
/// ```
#[must_use]
pub fn try_again_in(wait: Duration) -> String {
    Translations::english().try_again_in(wait)
}

/// The advice for this code in one language.
pub(crate) fn advice_in(texts: &Translation, code: &str) -> Advice {
    let known = MESSAGES.iter().find_map(|(message, codes)| {
        let code = codes.iter().find(|known| **known == code)?;
        Some((*code, *message))
    });
    let (code, message) = known.unwrap_or(("unknown_error", "unknown-error"));
    advice_of(texts, code, message)
}

/// For a signed-in user who was denied a token for an organization or resource: there,
/// `access_denied` does not mean that the sign-in failed.
pub(crate) fn no_permission(texts: &Translation) -> Advice {
    advice_of(texts, "access_denied", "no-permission")
}

fn advice_of(texts: &Translation, code: &'static str, message: &str) -> Advice {
    Advice {
        code,
        title: texts.text(message).into_owned(),
        advice: texts.advice(message),
    }
}

/// The messages in `texts/*.ftl`, and the codes that each of them explains.
const MESSAGES: &[(&str, &[&str])] = &[
    ("access-denied", &["access_denied"]),
    ("transaction-expired", &["transaction_expired"]),
    (
        "transaction-missing",
        &[
            "transaction_missing",
            "transaction_mismatch",
            "state_mismatch",
            "id_token_nonce",
        ],
    ),
    (
        "answer-untrusted",
        &[
            "issuer_mismatch",
            "id_token_issuer",
            "id_token_audience",
            "id_token_authorized_party",
            "id_token_signature",
            "id_token_algorithm",
            "id_token_unknown_key",
            "id_token_malformed",
            "missing_code",
            "missing_id_token",
            "subject_changed",
            "user_info_subject_mismatch",
        ],
    ),
    ("unsolicited-sign-in", &["unsolicited_sign_in"]),
    ("link-for-another-user", &["link_for_another_user"]),
    ("clocks-differ", &["id_token_expired", "id_token_not_yet_valid"]),
    (
        "confirm-identity",
        &[
            "authentication_too_old",
            "login_required",
            "interaction_required",
            "consent_required",
            "account_selection_required",
            "step_up_needed",
        ],
    ),
    (
        "authentication-too-weak",
        &["authentication_too_weak", "unmet_authentication_requirements"],
    ),
    ("app-access-denied", &["app_access_denied"]),
    ("no-permission", &["forbidden"]),
    ("sign-in-unfinished", &["sign_in_hook_failed", "sign_in_hook_timed_out"]),
    ("sign-in-refused", &["sign_in_refused"]),
    ("not-in-organization", &["not_in_organization"]),
    ("no-active-organization", &["no_active_organization"]),
    ("acting-ended", &["not_acting"]),
    (
        "acting-refused",
        &["acting_as_self", "subject_token_mismatch", "subject_token_rejected"],
    ),
    ("acting-user-denied", &["user_access_denied"]),
    ("acting-not-in-organization", &["organization_access_denied"]),
    ("grant-not-allowed", &["grant_not_allowed"]),
    (
        "sign-in-ended",
        &[
            "invalid_grant",
            "sign_in_needed",
            "not_signed_in",
            "no_refresh_token",
            "user_info_invalid_token",
            "account_token_rejected",
        ],
    ),
    (
        "provider-unreachable",
        &[
            "provider_unreachable",
            "provider_timed_out",
            "provider_unavailable",
            "refresh_in_progress",
            "server_error",
            "temporarily_unavailable",
        ],
    ),
    (
        "provider-unexpected",
        &[
            "provider_unexpected_status",
            "management_refused",
            "provider_response_too_large",
            "provider_invalid_response",
            "provider_error",
            "discovery_issuer_mismatch",
            "discovery_insecure_endpoint",
            "discovery_foreign_endpoint",
            "discovery_no_accepted_algorithm",
            "provider_endpoint_missing",
        ],
    ),
    (
        "site-misconfigured",
        &[
            "invalid_client",
            "unauthorized_client",
            "invalid_request",
            "invalid_scope",
            "invalid_target",
            "token_target_empty",
            "token_target_missing",
            "token_scopes_missing",
            "management_app_missing",
            "management_unauthorized",
            "management_forbidden",
            "management_connector_missing",
            "management_path_invalid",
            "management_body_invalid",
            "management_too_many_pages",
            "insufficient_scope",
            "unsupported_grant_type",
            "unsupported_response_type",
            "invalid_redirect_uri",
            "redirect_uri_mismatch",
            "reserved_parameter",
            "no_randomness",
            "transaction_not_kept",
            "logto_layer_missing",
            "response_started",
            "response_public",
            "static_page",
            "no_request",
            "requirement_not_configured",
            "unexpected_claims",
            "unexpected_app_data",
            "app_data_invalid",
        ],
    ),
    ("account-too-large-organizations", &["session_too_large_organizations"]),
    ("account-too-large-custom-data", &["session_too_large_custom_data"]),
    (
        "account-too-large-both",
        &["session_too_large_organizations_and_custom_data"],
    ),
    ("account-too-large", &["session_too_large"]),
    ("redirect-uri-not-registered", &["redirect_uri_not_registered"]),
    (
        "store-unavailable",
        &[
            "store_unavailable",
            "store_unexpected",
            "store_prepared_statements",
            "store_schema_outdated",
            "store_schema_too_new",
            "session_unverifiable",
            "session_key_unknown",
        ],
    ),
    ("account-switched-off", &["account_not_enabled"]),
    (
        "account-field-locked",
        &["account_field_not_editable", "account_field_not_enabled"],
    ),
    (
        "account-not-here",
        &[
            "account_scope_missing",
            "account_third_party_app",
            "account_connector_missing",
            "account_call_not_supported",
        ],
    ),
    ("account-confirm", &["account_verification_required"]),
    ("account-password-wrong", &["account_password_wrong"]),
    ("account-code-wrong", &["account_code_wrong"]),
    ("account-password-rejected", &["account_password_rejected"]),
    ("account-value-in-use", &["account_value_in_use"]),
    ("account-too-many-attempts", &["account_rate_limited"]),
    ("account-entry-gone", &["account_entry_not_found"]),
    ("account-link-expired", &["account_connector_token_expired"]),
    ("account-values-rejected", &["account_values_rejected"]),
    (
        "invalid-parameter",
        &[
            "invalid_parameter",
            "management_not_found",
            "management_conflict",
            "management_values_rejected",
        ],
    ),
    ("cross-site-request", &["cross_site_request"]),
    ("server-function-by-get", &["server_function_by_get"]),
    ("body-too-large", &["body_too_large"]),
    ("button-needed", &["navigation_needed", "prefetch"]),
];

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn every_code_is_listed_once() {
        let mut codes: Vec<_> = MESSAGES.iter().flat_map(|(_, codes)| *codes).collect();
        codes.sort_unstable();
        let all = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }

    #[test]
    fn every_message_has_a_title_and_an_advice() {
        for (message, _) in MESSAGES
            .iter()
            .chain(&[("unknown-error", &[][..]), ("no-permission", &[])])
        {
            let advice = advice_of(Translations::english(), "", message);
            assert!(advice.title != *message && !advice.advice.is_empty(), "{message}");
        }
    }

    /// Errors of bearer tokens, of logout tokens and of webhooks reach only programs.
    const NOT_FOR_USERS: [&str; 3] = ["access_token.rs", "logout_token.rs", "webhook.rs"];

    /// Reads the codes from the source files, so that a new variant in either crate needs advice
    /// too.
    #[test]
    fn every_code_that_a_user_can_see_has_advice() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut sources = vec![
            crates.join("logto-axum/src/error.rs"),
            crates.join("logto/src/session/store/mod.rs"),
            crates.join("logto/src/account/error.rs"),
        ];
        for file in fs::read_dir(crates.join("logto/src/error")).unwrap() {
            let file = file.unwrap();
            if !NOT_FOR_USERS.iter().any(|name| file.file_name() == *name) {
                sources.push(file.path());
            }
        }
        let sources: String = sources.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        let parts: Vec<_> = sources.split('"').collect();
        let stands_for_a_code = |before: &str| {
            ["=>", "Diagnosis::new("]
                .iter()
                .any(|end| before.trim_end().ends_with(end))
        };
        let is_code = |text: &&str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let texts = parts
            .windows(2)
            .filter(|pair| stands_for_a_code(pair[0]))
            .map(|pair| pair[1]);
        let codes: Vec<_> = texts.filter(is_code).collect();
        assert!(codes.len() > 60, "{codes:?}");
        let without: Vec<_> = codes.iter().filter(|code| advice(code).code != **code).collect();
        assert!(without.is_empty(), "{without:?}");
    }

    #[test]
    fn text_from_a_request_is_never_repeated() {
        for code in ["", "<b>", "access_denied\n", "ACCESS_DENIED"] {
            assert_eq!(advice(code).code, "unknown_error");
            assert_eq!(advice(code).title, "The sign-in failed");
        }
    }
}
