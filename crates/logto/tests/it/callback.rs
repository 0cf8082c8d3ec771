//! The checks of the callback, which all come before its code is used.

use logto::{
    CallbackError, CallbackRequest, Diagnose as _, Fault, LogtoConfig, OAuthError, SignInOptions, SignInTransaction,
    SystemRandom,
    seal::{Purpose, SealContext, Sealer},
};
use logto_testing::{CallbackFault, DiscoveryFault, Endpoint, HOSTILE_TEXT, TestProvider};

use crate::harness::{Harness, all_text, client, copy, pair, without};

/// The error of a callback with this fault. Asserts that its code was not used.
async fn refusal(fault: CallbackFault) -> CallbackError {
    let harness = Harness::start().await;
    harness.provider.fault(fault);
    let error = harness.try_sign_in().await.unwrap_err();
    assert_eq!(harness.provider.requests(Endpoint::Token), 0);
    error
}

/// The error of a valid callback whose query was changed.
async fn refusal_of(change: impl FnOnce(String) -> String) -> CallbackError {
    let harness = Harness::start().await;
    let start = harness.begin().await;
    let query = harness.visit(&start).await;
    let error = harness.finish(&change(query), start.transaction).await.unwrap_err();
    assert_eq!(harness.provider.requests(Endpoint::Token), 0);
    error
}

#[tokio::test]
async fn the_state_of_a_silent_sign_in_says_so() {
    let harness = Harness::start().await;
    for (is_silent, options) in [(true, SignInOptions::silent()), (false, SignInOptions::new())] {
        let options = options.with_redirect_uri(harness.options().redirect_uri().unwrap());
        let start = harness.client.start_sign_in(options).await.unwrap();
        let query = harness.visit(&start).await;
        assert_eq!(CallbackRequest::parse("", &query).says_silent(), is_silent, "{query}");
    }
    for query in ["", "state=", "state=silent", "state=x.silent.", "code=silent.x"] {
        assert!(!CallbackRequest::parse("", query).says_silent(), "{query}");
    }
}

#[tokio::test]
async fn rejects_an_unknown_state() {
    let error = refusal(CallbackFault::StateWrong).await;
    assert_eq!(error, CallbackError::StateMismatch);
    assert_eq!(error.fault(), Fault::Mismatch);
}

#[tokio::test]
async fn rejects_a_missing_or_empty_state() {
    assert_eq!(refusal(CallbackFault::StateMissing).await, CallbackError::StateMismatch);
    let error = refusal_of(|query| format!("{}&state=", without(&query, "state"))).await;
    assert_eq!(error, CallbackError::StateMismatch);
}

#[tokio::test]
async fn rejects_a_truncated_state() {
    let error = refusal_of(|query| query.replace("&iss=", "x&iss=")).await;
    assert_eq!(error, CallbackError::StateMismatch);
}

#[tokio::test]
async fn rejects_repeated_parameters() {
    for name in ["state", "code", "iss"] {
        let error = refusal_of(|query| format!("{query}&{}", pair(&query, name))).await;
        assert_eq!(error, CallbackError::StateMismatch, "{name}");
    }
    let error = refusal_of(|query| format!("{query}&error=a&error=b")).await;
    assert_eq!(error, CallbackError::StateMismatch);
}

/// RFC 9207 §2.4: mix-up.
#[tokio::test]
async fn rejects_a_callback_of_another_issuer() {
    let error = refusal(CallbackFault::IssuerWrong).await;
    assert_eq!(error, CallbackError::IssuerMismatch);
    assert_eq!(error.fault(), Fault::Mismatch);
}

#[tokio::test]
async fn rejects_a_callback_without_a_required_issuer() {
    assert_eq!(
        refusal(CallbackFault::IssuerMissing).await,
        CallbackError::IssuerMismatch
    );
}

#[tokio::test]
async fn rejects_an_issuer_that_differs_by_a_slash() {
    let error = refusal_of(|query| query.replace("%2Foidc", "%2Foidc%2F")).await;
    assert_eq!(error, CallbackError::IssuerMismatch);
}

#[tokio::test]
async fn an_optional_issuer_may_be_missing_but_not_wrong() {
    let unpromised = || DiscoveryFault::Without("authorization_response_iss_parameter_supported");
    let harness = Harness::start().await;
    harness.provider.fault(unpromised());
    harness.provider.fault_once(CallbackFault::IssuerMissing);
    harness.assert_signs_in().await;
    harness.provider.fault_once(CallbackFault::IssuerWrong);
    assert_eq!(harness.try_sign_in().await.unwrap_err(), CallbackError::IssuerMismatch);
}

#[tokio::test]
async fn an_error_becomes_a_code_of_the_specifications() {
    let cases = [
        ("access_denied", OAuthError::AccessDenied, Fault::User, false),
        ("login_required", OAuthError::LoginRequired, Fault::User, false),
        ("consent_required", OAuthError::ConsentRequired, Fault::User, false),
        (
            "interaction_required",
            OAuthError::InteractionRequired,
            Fault::User,
            false,
        ),
        (
            "account_selection_required",
            OAuthError::AccountSelectionRequired,
            Fault::User,
            false,
        ),
        ("invalid_target", OAuthError::InvalidTarget, Fault::Configuration, false),
        ("invalid_scope", OAuthError::InvalidScope, Fault::Configuration, false),
        (
            "invalid_request",
            OAuthError::InvalidRequest,
            Fault::Configuration,
            false,
        ),
        (
            "unauthorized_client",
            OAuthError::UnauthorizedClient,
            Fault::Configuration,
            false,
        ),
        ("server_error", OAuthError::ServerError, Fault::Provider, true),
        (
            "temporarily_unavailable",
            OAuthError::TemporarilyUnavailable,
            Fault::Provider,
            true,
        ),
        ("something_new", OAuthError::Other, Fault::Provider, false),
    ];
    for (code, expected, fault, transient) in cases {
        let error = refusal(CallbackFault::error(code)).await;
        assert_eq!(error, CallbackError::Refused(expected));
        assert_eq!((error.fault(), error.is_transient()), (fault, transient), "{code}");
        let stable = if expected == OAuthError::Other {
            "provider_error"
        } else {
            code
        };
        assert_eq!(error.code(), stable);
    }
}

/// nextjs-auth0 CVE-2021-32702: the callback's error text was echoed into a page.
#[tokio::test]
async fn rejects_an_error_without_repeating_its_text() {
    for fault in [
        CallbackFault::error("access_denied"),
        CallbackFault::error(HOSTILE_TEXT),
    ] {
        let text = all_text(&refusal(fault).await);
        for word in ["script", "onerror", "Set-Cookie", "evil"] {
            assert!(!text.contains(word), "{text}");
        }
    }
}

#[tokio::test]
async fn rejects_an_error_with_a_wrong_state_as_a_state_mismatch() {
    let harness = Harness::start().await;
    harness.provider.fault(CallbackFault::error("access_denied"));
    harness.provider.fault(CallbackFault::StateWrong);
    assert_eq!(harness.try_sign_in().await.unwrap_err(), CallbackError::StateMismatch);
}

#[tokio::test]
async fn rejects_a_code_that_comes_with_an_error() {
    let error = refusal_of(|query| format!("{query}&error=access_denied")).await;
    assert_eq!(error, CallbackError::Refused(OAuthError::AccessDenied));
}

#[tokio::test]
async fn rejects_a_callback_without_a_code() {
    assert_eq!(refusal(CallbackFault::CodeMissing).await, CallbackError::MissingCode);
    let error = refusal_of(|query| format!("{}&code=", without(&query, "code"))).await;
    assert_eq!(error, CallbackError::MissingCode);
}

#[tokio::test]
async fn rejects_a_callback_at_another_redirect_uri() {
    let harness = Harness::start().await;
    for other in [
        "http://localhost:3001/callback",
        "https://localhost:3000/callback",
        "http://localhost:3000/callback/",
        "http://evil.example.com/callback",
        "",
    ] {
        let start = harness.begin().await;
        let query = harness.visit(&start).await;
        let request = CallbackRequest::parse(other, &query);
        let error = harness
            .client
            .finish_sign_in(request, start.transaction)
            .await
            .unwrap_err();
        assert_eq!(error.error, CallbackError::RedirectUriMismatch, "{other}");
    }
    assert_eq!(harness.provider.requests(Endpoint::Token), 0);
}

#[tokio::test]
async fn rejects_an_expired_transaction() {
    for (lifetime, age, good) in [
        (None, 3599, true),
        (None, 3600, false),
        (Some(7200), 7199, true),
        (Some(60), 60, false),
    ] {
        let change = |config: LogtoConfig| match lifetime {
            Some(seconds) => config.with_transaction_lifetime(seconds),
            None => config,
        };
        let harness = Harness::with(TestProvider::builder(), change).await;
        let start = harness.begin().await;
        harness.provider.clock().advance(age);
        let query = harness.visit(&start).await;
        let result = harness.finish(&query, start.transaction).await;
        match result {
            Ok(_) => assert!(good),
            Err(error) => {
                assert!(!good);
                assert_eq!(error, CallbackError::TransactionExpired);
                assert_eq!(harness.provider.requests(Endpoint::Token), 0);
            }
        }
    }
}

#[tokio::test]
async fn rejects_a_transaction_of_another_provider() {
    let (here, there) = (Harness::start().await, Harness::start().await);
    let start = there.begin().await;
    let query = there.visit(&start).await;
    let error = here.finish(&query, start.transaction).await.unwrap_err();
    assert_eq!(error, CallbackError::TransactionMismatch);
    assert_eq!(error.fault(), Fault::Mismatch);
    assert_eq!(here.provider.log().len(), 0);
}

#[tokio::test]
async fn rejects_a_transaction_of_another_app() {
    let harness = Harness::start().await;
    let start = harness.begin().await;
    let query = harness.visit(&start).await;
    let other = client(&harness.provider, |config| config.with_app_id("another-app"));
    let request = CallbackRequest::parse(harness.provider.redirect_uri(), &query);
    let error = other.finish_sign_in(request, start.transaction).await.unwrap_err();
    assert_eq!(error.error, CallbackError::TransactionMismatch);
    assert_eq!(harness.provider.requests(Endpoint::Token), 0);
}

#[tokio::test]
async fn rejects_the_callback_of_a_sign_in_in_another_tab() {
    let harness = Harness::start().await;
    let (one, two) = (harness.begin().await, harness.begin().await);
    let (query_one, query_two) = (harness.visit(&one).await, harness.visit(&two).await);
    let error = harness.finish(&query_one, copy(&two.transaction)).await.unwrap_err();
    assert_eq!(error, CallbackError::StateMismatch);
    let _ = harness.finish(&query_two, two.transaction).await.unwrap();
    let _ = harness.finish(&query_one, one.transaction).await.unwrap();
}

#[tokio::test]
async fn a_transaction_survives_its_cookie() {
    let harness = Harness::start().await;
    let start = harness.begin().await;
    let query = harness.visit(&start).await;
    let sealer = Sealer::new(&["a cookie secret of more than 32 bytes".into()]).unwrap();
    let context = SealContext {
        purpose: Purpose::Transaction,
        name: "logto_txn",
        app_id: harness.provider.app_id(),
    };
    let (now, expires) = (harness.client.now(), start.transaction.expires());
    let cookie = sealer
        .seal(context, &start.transaction.to_bytes(), now, expires, &SystemRandom)
        .unwrap();
    let opened = sealer.open(context, &cookie, now).unwrap();
    let transaction = SignInTransaction::from_bytes(opened.payload()).unwrap();
    let _ = harness.finish(&query, transaction).await.unwrap();
}
