//! Tests of the errors.

use super::{AccountErrorKind as Kind, *};

fn refused(status: u16, body: &str) -> AccountError {
    let response = Response::builder().status(status).header("retry-after", "9");
    AccountError::of_response(&response.body(body.into()).unwrap(), &[UserScope::Sessions])
}

fn with_code(status: u16, code: &str) -> AccountError {
    refused(
        status,
        &serde_json::json!({ "code": code, "message": "Lokalisiert" }).to_string(),
    )
}

/// Status and code of Logto, and the kind and the code of this library.
const CODES: &[(u16, &str, Kind, &str)] = &[
    (
        400,
        "account_center.not_enabled",
        Kind::NotEnabled,
        "account_not_enabled",
    ),
    (
        400,
        "account_center.field_not_editable",
        Kind::FieldNotEditable,
        "account_field_not_editable",
    ),
    (
        400,
        "account_center.field_not_enabled",
        Kind::FieldNotEnabled,
        "account_field_not_enabled",
    ),
    (
        401,
        "verification_record.permission_denied",
        Kind::VerificationRequired,
        "account_verification_required",
    ),
    (401, "auth.unauthorized", Kind::Unauthorized, "account_token_rejected"),
    (
        401,
        "auth.authorization_header_missing",
        Kind::Unauthorized,
        "account_token_rejected",
    ),
    (400, "auth.unauthorized", Kind::MissingScope, "account_scope_missing"),
    (403, "auth.forbidden", Kind::MissingScope, "account_scope_missing"),
    (
        403,
        "auth.third_party_application_forbidden",
        Kind::ThirdPartyApp,
        "account_third_party_app",
    ),
    (
        422,
        "session.invalid_credentials",
        Kind::InvalidCredentials,
        "account_password_wrong",
    ),
    (
        400,
        "verification_code.code_mismatch",
        Kind::InvalidCode,
        "account_code_wrong",
    ),
    (
        400,
        "session.mfa.invalid_totp_code",
        Kind::InvalidCode,
        "account_code_wrong",
    ),
    (
        422,
        "password.rejected",
        Kind::PasswordPolicy,
        "account_password_rejected",
    ),
    (
        422,
        "user.totp_already_in_use",
        Kind::AlreadyInUse,
        "account_value_in_use",
    ),
    (429, "request.too_many", Kind::RateLimited, "account_rate_limited"),
    (
        501,
        "connector.not_found",
        Kind::ConnectorMissing,
        "account_connector_missing",
    ),
    (400, "oidc.session_not_found", Kind::NotFound, "account_entry_not_found"),
    (
        404,
        "user.identity_not_exist",
        Kind::NotFound,
        "account_entry_not_found",
    ),
    (
        404,
        "secrets.third_party_token_set.token_not_found",
        Kind::NotFound,
        "account_entry_not_found",
    ),
    (
        401,
        "secrets.third_party_token_set.access_token_expired",
        Kind::ConnectorTokenExpired,
        "account_connector_token_expired",
    ),
    (400, "guard.invalid_input", Kind::Invalid, "account_values_rejected"),
    (422, "request.invalid_input", Kind::Invalid, "account_values_rejected"),
];

#[test]
fn each_code_of_logto_has_its_kind() {
    for &(status, code, kind, own) in CODES {
        let error = with_code(status, code);
        assert_eq!((error.kind(), error.code()), (kind, own), "{status} {code}");
        let AccountError::Refused(refusal) = &error else {
            panic!("{error:?}");
        };
        assert_eq!((refusal.logto_code(), refusal.status()), (Some(code), Some(status)));
        assert!(error.to_string().contains(code) && !error.to_string().contains("Lokalisiert"));
    }
}

#[test]
fn a_server_without_the_call_answers_404_without_a_code() {
    for body in ["Not Found", "", "{}", r#"{"message":"x"}"#] {
        let error = refused(404, body);
        assert_eq!(error.kind(), AccountErrorKind::NotSupported, "{body}");
        assert_eq!(error.code(), "account_call_not_supported");
    }
}

#[test]
fn a_missing_scope_is_named_if_the_call_needs_only_one() {
    let error = with_code(403, "auth.forbidden");
    assert!(error.to_string().contains("urn:logto:scope:sessions"), "{error}");
}

#[test]
fn an_unavailable_server_is_a_transient_error_and_a_redirect_is_not() {
    for status in [408, 500, 502, 503] {
        let error = refused(status, "<html>");
        assert_eq!(
            (error.kind(), error.is_transient()),
            (AccountErrorKind::Unavailable, true)
        );
        assert_eq!(error.retry_after(), Some(Duration::from_secs(9)));
    }
    let limited = with_code(429, "x");
    assert!(limited.is_transient() && limited.retry_after().is_some());
    assert_eq!(refused(302, "").kind(), AccountErrorKind::Failed);
    assert_eq!(refused(302, "").code(), "provider_unexpected_status");
}

#[test]
fn text_that_is_not_a_code_is_dropped() {
    for code in ["", "<script>", "a b", "ü", &"x".repeat(101)] {
        let error = with_code(400, code);
        assert_eq!(error.kind(), AccountErrorKind::Invalid);
        assert!(!error.to_string().contains("script"), "{error}");
        let AccountError::Refused(refusal) = error else {
            panic!()
        };
        assert_eq!(refusal.logto_code(), None);
    }
}
