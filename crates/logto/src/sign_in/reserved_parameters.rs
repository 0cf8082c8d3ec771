//! The parameters that an app cannot add to the authorization request.

use super::SignInOptions;

/// Parameters that belong to the protocol, or whose effect the callback could not verify.
const PROTOCOL: [&str; 17] = [
    "claims",
    "client_id",
    "client_secret",
    "code_challenge",
    "code_challenge_method",
    "id_token_hint",
    "interaction_mode",
    "nonce",
    "redirect_uri",
    "registration",
    "request",
    "request_uri",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

/// Whether [`SignInOptions::with_extra`] rejects this parameter, because it belongs to the protocol
/// or has an option of its own.
#[must_use]
pub fn is_reserved_parameter(name: &str) -> bool {
    let mut reserved = PROTOCOL.into_iter().chain(SignInOptions::field_names());
    reserved.any(|reserved| reserved.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_parameters_are_case_insensitive() {
        for name in [
            "state",
            "Redirect_Uri",
            "claims",
            "login_hint",
            "acr_values",
            "return_to",
        ] {
            assert!(is_reserved_parameter(name), "{name}");
        }
        assert!(!is_reserved_parameter("theme"));
    }
}
