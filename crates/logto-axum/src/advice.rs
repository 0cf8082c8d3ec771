//! Advice for users whose sign-in failed, by the stable code of the error.

use std::time::Duration;

/// A text for users: what happened, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// The stable code. It is never text from a request.
    pub code: &'static str,
    /// What happened, in a few words.
    pub title: &'static str,
    /// What to do.
    pub advice: &'static str,
}

/// Returns the advice for the code of a failed sign-in. An unknown code gets general advice that
/// does not quote it.
///
/// ```
/// assert_eq!(logto_axum::advice("access_denied").title, "You did not sign in");
/// assert_eq!(logto_axum::advice("<script>").code, "unknown_error");
/// ```
#[must_use]
pub fn advice(code: &str) -> Advice {
    *ADVICE.iter().find(|advice| advice.code == code).unwrap_or(&UNKNOWN)
}

/// Returns a sentence that says when to try again, for a delay from
/// [`Diagnose::retry_after`](crate::Diagnose).
///
/// The page for failed sign-ins finds the delay, in seconds, in the parameter `retry_after` of its
/// query, if it is known.
///
/// ```
/// use std::time::Duration;
///
/// assert_eq!(logto_axum::try_again_in(Duration::from_secs(30)), "Try again in 30 seconds.");
/// assert_eq!(logto_axum::try_again_in(Duration::from_secs(600)), "Try again in 10 minutes.");
/// ```
#[must_use]
pub fn try_again_in(wait: Duration) -> String {
    match wait.as_secs() {
        ..=1 => "Try again in a second.".to_owned(),
        seconds @ ..=119 => format!("Try again in {seconds} seconds."),
        seconds @ ..=7199 => format!("Try again in {} minutes.", seconds.div_ceil(60)),
        seconds => format!("Try again in {} hours.", seconds.div_ceil(3600)),
    }
}

const UNKNOWN: Advice = Advice {
    code: "unknown_error",
    title: "The sign-in failed",
    advice: "Sign in again. If it happens again, tell the operator of this site.",
};

/// For a signed-in user who was denied a token for an organization or resource: there,
/// `access_denied` does not mean that the sign-in failed.
pub(crate) const NO_PERMISSION: Advice = Advice {
    code: "access_denied",
    title: "No permission",
    advice: "Your account is not allowed to do this. Ask the operator of this site, or an administrator of the \
        organization, for access.",
};

macro_rules! table {
    ($($title:literal, $advice:literal => $($code:literal)+;)+) => {
        const ADVICE: &[Advice] = &[$($(Advice { code: $code, title: $title, advice: $advice },)+)+];
    };
}

table! {
    "You did not sign in",
        "The sign-in was cancelled, or your account may not use this app. Sign in again, or ask for access."
        => "access_denied";
    "The sign-in took too long", "It was not finished in time. Sign in again to continue to the page you wanted."
        => "transaction_expired";
    "This sign-in was not started here",
        "It was started in another browser, has been used already, or its cookie is gone. Start again in this \
         browser, with cookies allowed."
        => "transaction_missing" "transaction_mismatch" "state_mismatch" "id_token_nonce";
    "The answer did not come from the sign-in service",
        "The sign-in was stopped for your safety. Start again; if it happens again, tell the operator of this site."
        => "issuer_mismatch" "id_token_issuer" "id_token_audience" "id_token_authorized_party" "id_token_signature"
           "id_token_algorithm" "id_token_unknown_key" "id_token_malformed" "missing_code" "missing_id_token"
           "subject_changed"
           "user_info_subject_mismatch";
    "The clocks do not agree",
        "The clocks of the sign-in service and this site differ. The operator of this site has to set the clock."
        => "id_token_expired" "id_token_not_yet_valid";
    "Please confirm it's you", "You signed in too long ago for what you want to do. Sign in again."
        => "authentication_too_old" "login_required" "interaction_required" "consent_required"
           "account_selection_required";
    "You may no longer use this app",
        "Ask the operator of this site for access. Once you have it, reload the page; you need not sign in again."
        => "app_access_denied";
    "The sign-in has ended", "Sign in again to continue."
        => "invalid_grant" "sign_in_needed" "not_signed_in" "no_refresh_token" "user_info_invalid_token";
    "The sign-in service cannot be reached", "This is probably temporary. Try again soon."
        => "provider_unreachable" "provider_timed_out" "provider_unavailable" "server_error" "temporarily_unavailable";
    "The sign-in service gave an unexpected answer",
        "Try again. The operator of this site finds the reason in the log; `endpoint` should be the address of \
         a Logto server."
        => "provider_unexpected_status" "provider_response_too_large" "provider_invalid_response" "provider_error"
           "discovery_issuer_mismatch" "discovery_insecure_endpoint" "discovery_foreign_endpoint"
           "discovery_no_accepted_algorithm"
           "provider_endpoint_missing";
    "This site is not set up correctly",
        "The operator has to compare `app_id`, `app_secret`, the redirect URI and the resources with the Logto console."
        => "invalid_client" "unauthorized_client" "invalid_request" "invalid_scope" "invalid_target"
           "insufficient_scope"
           "unsupported_grant_type" "unsupported_response_type" "invalid_redirect_uri" "redirect_uri_mismatch"
           "reserved_parameter" "no_randomness" "transaction_not_kept" "logto_layer_missing" "response_started"
           "response_public" "static_page" "no_request";
    "Your account is too large for this site",
        "It has more organizations and roles than fit into this site's cookies. The operator of this site has \
         to keep sessions in a store."
        => "session_too_large_organizations";
    "Your account is too large for this site",
        "It has more custom data than fits into this site's cookies. The operator of this site has to keep \
         sessions in a store."
        => "session_too_large_custom_data";
    "Your account is too large for this site",
        "It has more organizations, roles and custom data than fit into this site's cookies. The operator of \
         this site has to keep sessions in a store."
        => "session_too_large_organizations_and_custom_data";
    "Your account is too large for this site",
        "Its profile does not fit into this site's cookies. The operator of this site has to keep sessions in a store."
        => "session_too_large";
    "The sign-in service does not know this site yet",
        "The operator has to register the redirect URI of this site for the application in the Logto console, \
         exactly as written; it is also in the log."
        => "redirect_uri_not_registered";
    "Sessions cannot be read or saved at the moment", "This is probably temporary. Try again in a few seconds."
        => "store_unavailable" "store_unexpected" "session_unverifiable" "session_key_unknown";
    "The sign-in form had an invalid value", "Go back to the page you came from and sign in from there."
        => "invalid_parameter";
    "The request came from another site",
        "For your safety, sign-in, sign-out and other changes have to start on this site. Go to its home page \
         and try again."
        => "cross_site_request";
    "Only pages of this site may call this server function",
        "Other sites and links in e-mails may not call it. The developer of this site can allow that with \
         `ServerFunctions::allow_get`."
        => "server_function_by_get";
    "The request is too large",
        "Send less. The developer of this site can raise the limit (`ServerFunctions::with_body_limit`)."
        => "body_too_large";
    "A sign-in starts with a button",
        "Scripts and prefetches cannot start one. Open the page and press the sign-in button."
        => "navigation_needed" "prefetch";
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn every_code_is_listed_once() {
        let mut codes: Vec<_> = ADVICE.iter().map(|advice| advice.code).collect();
        codes.sort_unstable();
        let all = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }

    /// Errors of bearer tokens and logout tokens reach only programs.
    const NOT_FOR_USERS: [&str; 2] = ["access_token.rs", "logout_token.rs"];

    /// Reads the codes from the source files, so that a new variant in either crate needs advice
    /// too.
    #[test]
    fn every_code_that_a_user_can_see_has_advice() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut sources = vec![
            crates.join("logto-axum/src/error.rs"),
            crates.join("logto/src/session/store/mod.rs"),
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
            assert_eq!(advice(code), UNKNOWN);
        }
    }
}
