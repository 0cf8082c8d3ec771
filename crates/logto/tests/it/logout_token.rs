//! Logout tokens (OIDC Back-Channel Logout 1.0 §2.6).

use logto::{Diagnose as _, DiscoveryError, Fault, LogoutTarget, LogoutToken, LogoutTokenError, VerifiedLogoutToken};
use logto_testing::{
    DEFAULT_RESOURCE, DiscoveryFault, Endpoint, HttpFault, JwksFault, Jwt, SigningAlgorithm, TestProvider,
};
use serde_json::{Value, json};

use crate::harness::{Harness, all_text, text};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The default clock tolerance, in seconds.
const TOLERANCE: u64 = 60;

async fn judge(harness: &Harness, token: &str) -> Result<VerifiedLogoutToken, LogoutTokenError> {
    harness.client.verify_logout_token(token).await
}

/// A modified token for Ada and one of her sessions.
async fn judge_after(tweak: impl FnOnce(&mut Jwt)) -> Result<VerifiedLogoutToken, LogoutTokenError> {
    let harness = Harness::start().await;
    let token = harness.provider.logout_token(Some("usr_ada"), Some("the-sid"), tweak);
    judge(&harness, &token).await
}

fn claim(name: &'static str, value: impl Into<Value>) -> impl FnOnce(&mut Jwt) {
    let value = value.into();
    move |jwt| drop(jwt.claims.insert(name.to_owned(), value))
}

fn header(name: &'static str, value: impl Into<Value>) -> impl FnOnce(&mut Jwt) {
    let value = value.into();
    move |jwt| drop(jwt.header.insert(name.to_owned(), value))
}

fn without(names: &'static [&'static str]) -> impl FnOnce(&mut Jwt) {
    move |jwt| jwt.claims.retain(|name, _| !names.contains(&name.as_str()))
}

/// `oidcc-client-test-rp-backchannel-rpinitlogout`
#[tokio::test]
async fn a_token_of_logto_names_the_session_to_end() {
    let harness = Harness::start().await;
    let (sub, sid) = (Some("usr_ada"), Some("the-sid"));
    let session = |sub: Option<&str>| LogoutTarget::Session {
        sid: "the-sid".to_owned(),
        sub: sub.map(str::to_owned),
    };
    let user = LogoutTarget::User("usr_ada".to_owned());
    for (sub, sid, target) in [(sub, sid, session(sub)), (None, sid, session(None)), (sub, None, user)] {
        let token = harness.provider.logout_token(sub, sid, claim("jti", "the-jti"));
        let token = judge(&harness, &token).await.unwrap();
        assert_eq!(token.target(), &target);
        let now = harness.client.now();
        assert_eq!((token.issued(), token.expires()), (now, now.plus(120)));
        assert_eq!(token.jti(), "the-jti");
    }
}

#[tokio::test]
async fn an_empty_sid_is_ignored() {
    let token = judge_after(claim("sid", "")).await.unwrap();
    assert_eq!(token.target(), &LogoutTarget::User("usr_ada".to_owned()));
}

macro_rules! rejects {
    ($($(#[$meta:meta])* $name:ident: $tweak:expr => $error:ident)*) => {$(
        $(#[$meta])*
        #[tokio::test]
        async fn $name() {
            let error = judge_after($tweak).await.unwrap_err();
            assert_eq!(error, LogoutTokenError::$error);
            assert_eq!((error.fault(), error.is_transient()), (Fault::Mismatch, false));
            assert!(error.code().starts_with("logout_token_"));
            assert!(!all_text(&error).contains("evil"));
        }
    )*};
}

rejects! {
    /// `oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss`, once
    /// `rp-backchannel-rpinitlogout-lt-wrong-issuer`
    rejects_wrong_iss: claim("iss", "https://evil.example.com/oidc") => Issuer
    /// `oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud`
    rejects_wrong_aud: claim("aud", "another-app") => Audience
    /// `oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg`
    rejects_wrong_alg: |jwt: &mut Jwt| jwt.sign_hs256(b"test-app-secret-of-32-characters") => Algorithm
    /// `oidcc-client-test-rp-backchannel-rpinitlogout-alg-none`
    rejects_alg_none: Jwt::unsign => Algorithm
    /// `oidcc-client-test-rp-backchannel-rpinitlogout-no-event`
    rejects_no_event: without(&["events"]) => Event
    /// `oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event`
    rejects_wrong_event: claim("events", json!({ "http://evil.example.com/event": {} })) => Event
    /// `oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce`
    rejects_with_nonce: claim("nonce", "a-nonce") => Nonce
    rejects_a_nonce_that_is_null: claim("nonce", Value::Null) => Nonce
    /// §2.4: `jti` is required. `rp-backchannel-rpinitlogout-lt-no-jti`
    rejects_no_jti: without(&["jti"]) => TokenId
    rejects_an_empty_jti: claim("jti", "") => TokenId
    /// §2.6 step 5. `rp-backchannel-rpinitlogout-lt-no-sid-no-sub`
    rejects_no_sid_no_sub: without(&["sub", "sid"]) => NoSubject
    rejects_empty_sub_and_sid: |jwt: &mut Jwt| {
        claim("sub", "")(jwt);
        claim("sid", Value::Null)(jwt);
    } => NoSubject
    rejects_a_missing_issuer: without(&["iss"]) => Malformed
    rejects_an_issuer_that_differs_by_a_slash: |jwt: &mut Jwt| {
        let longer = format!("{}/", jwt.claims["iss"].as_str().unwrap());
        claim("iss", longer)(jwt);
    } => Issuer
    rejects_a_missing_audience: without(&["aud"]) => Malformed
    rejects_an_empty_list_of_audiences: claim("aud", json!([])) => Audience
    rejects_an_audience_that_starts_with_the_expected_one: claim("aud", "test-app2") => Audience
    /// As for an ID token, another audience could send the token to this app.
    rejects_a_second_audience: claim("aud", json!(["test-app", "another-app"])) => Audience
    rejects_a_missing_issue_time: without(&["iat"]) => Malformed
    rejects_a_missing_expiry: without(&["exp"]) => Malformed
    rejects_an_expiry_that_is_text: claim("exp", "tomorrow") => Malformed
    rejects_an_event_that_is_not_an_object: claim("events", json!({ EVENT: true })) => Event
    rejects_an_event_that_is_null: claim("events", json!({ EVENT: null })) => Event
    rejects_events_in_a_list: claim("events", json!([EVENT])) => Event
    rejects_an_event_with_a_trailing_slash: claim("events", json!({ format!("{EVENT}/"): {} })) => Event
    rejects_a_subject_that_is_a_number: claim("sub", 7) => Malformed
    /// §2.4: explicit typing distinguishes it from other tokens of the provider.
    rejects_a_token_without_type: |jwt: &mut Jwt| drop(jwt.header.remove("typ")) => Type
    rejects_the_type_jwt: header("typ", "JWT") => Type
    rejects_the_type_of_an_access_token: header("typ", "at+jwt") => Type
    rejects_a_type_that_ends_with_the_expected_one: header("typ", "text/logout+jwt") => Type
    rejects_hs256_with_the_public_key: Jwt::sign_hs256_with_public_key => Algorithm
    /// The provider's metadata lists ES384 only.
    rejects_an_algorithm_that_is_not_in_the_metadata: header("alg", "RS256") => Algorithm
    rejects_an_algorithm_that_does_not_exist: header("alg", "ES385") => Algorithm
    rejects_a_bad_signature: Jwt::break_signature => Signature
    rejects_claims_changed_after_signing: |jwt: &mut Jwt| {
        claim("sub", "usr_bob")(jwt);
        jwt.break_signature();
    } => Signature
    rejects_an_unpublished_key: Jwt::sign_with_unpublished_key => UnknownKey
    rejects_an_unknown_kid: header("kid", "nobody-knows") => UnknownKey
    /// RFC 7515 §4.1.11
    rejects_an_unknown_critical_header: header("crit", json!(["urn:example:unknown"])) => Malformed
}

#[tokio::test]
async fn optional_parts_of_the_specification_are_accepted() {
    judge_after(header("typ", "application/logout+jwt")).await.unwrap();
    judge_after(header("typ", "Logout+JWT")).await.unwrap();
    judge_after(claim("aud", json!(["test-app"]))).await.unwrap();
    // §2.4: the value of the event should be an empty object. RFC 8417 §2.2 allows other events.
    judge_after(claim("events", json!({ EVENT: { "reason": "x" }, "urn:other": {} })))
        .await
        .unwrap();
    judge_after(|jwt| drop(jwt.header.remove("kid"))).await.unwrap();
}

#[tokio::test]
async fn times_are_checked_with_the_tolerance_to_the_second() {
    let harness = Harness::start().await;
    let now = harness.provider.clock().now();
    let cases = [
        ("exp", now - TOLERANCE + 1, None),
        ("exp", now - TOLERANCE, Some(LogoutTokenError::Expired)),
        ("iat", now + TOLERANCE, None),
        ("iat", now + TOLERANCE + 1, Some(LogoutTokenError::NotYetValid)),
        ("nbf", now + TOLERANCE, None),
        ("nbf", now + TOLERANCE + 1, Some(LogoutTokenError::NotYetValid)),
    ];
    for (name, time, expected) in cases {
        let token = harness.provider.logout_token(Some("usr_ada"), None, claim(name, time));
        assert_eq!(judge(&harness, &token).await.err(), expected, "{name} {time}");
    }
}

#[tokio::test]
async fn rejects_other_tokens_of_the_provider() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let id_token = text(signed_in.id_token.raw());
    assert_eq!(judge(&harness, id_token).await.unwrap_err(), LogoutTokenError::Type);
    let access_token = harness.provider.access_token("ada", DEFAULT_RESOURCE, &[], |_| {});
    assert_eq!(
        judge(&harness, &access_token).await.unwrap_err(),
        LogoutTokenError::Type
    );
}

#[tokio::test]
async fn rejects_text_that_is_not_a_token() {
    for token in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "null",
        "e30.e30.e30",
        "e30.e30.e30.e30",
        "W10.W10.W10",
        "\u{0}\u{7f}ü",
    ] {
        assert_eq!(
            LogoutToken::parse(token).unwrap_err(),
            LogoutTokenError::Malformed,
            "{token}"
        );
    }
}

#[tokio::test]
async fn rejects_repeated_claims() {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
    let harness = Harness::start().await;
    let token = harness.provider.logout_token(Some("usr_ada"), None, |_| {});
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let twice = String::from_utf8(BASE64.decode(payload).unwrap())
        .unwrap()
        .replacen('{', r#"{"sub":"usr_bob","#, 1);
    let token = format!("{header}.{}.{signature}", BASE64.encode(twice));
    assert_eq!(LogoutToken::parse(&token).unwrap_err(), LogoutTokenError::Malformed);
}

#[tokio::test]
async fn rejects_an_unsigned_token_even_if_the_metadata_allows_it() {
    let harness = Harness::start().await;
    harness.provider.fault(DiscoveryFault::Set(
        "id_token_signing_alg_values_supported",
        json!(["none", "HS256", "ES384"]),
    ));
    for tweak in [Jwt::unsign, Jwt::sign_hs256_with_public_key] {
        let token = harness.provider.logout_token(Some("usr_ada"), None, tweak);
        assert_eq!(judge(&harness, &token).await.unwrap_err(), LogoutTokenError::Algorithm);
    }
}

#[tokio::test]
async fn rejects_a_token_without_kid_among_several_keys() {
    let harness = Harness::start().await;
    harness.provider.rotate_keys();
    let token = harness
        .provider
        .logout_token(Some("usr_ada"), None, |jwt| drop(jwt.header.remove("kid")));
    assert_eq!(judge(&harness, &token).await.unwrap_err(), LogoutTokenError::UnknownKey);
}

#[tokio::test]
async fn rejects_a_key_for_encryption_and_one_of_another_type() {
    for fault in [JwksFault::EncryptionOnly, JwksFault::OtherKeysOnly, JwksFault::Empty] {
        let harness = Harness::start().await;
        harness.provider.fault(fault);
        let token = harness.provider.logout_token(Some("usr_ada"), None, |_| {});
        assert_eq!(judge(&harness, &token).await.unwrap_err(), LogoutTokenError::UnknownKey);
    }
}

#[tokio::test]
async fn tokens_signed_with_rsa_are_accepted() {
    let harness = Harness::of(TestProvider::builder().signing_algorithm(SigningAlgorithm::Rs256)).await;
    let token = harness.provider.logout_token(Some("usr_ada"), None, |_| {});
    judge(&harness, &token).await.unwrap();
    let broken = harness
        .provider
        .logout_token(Some("usr_ada"), None, Jwt::break_signature);
    assert_eq!(judge(&harness, &broken).await.unwrap_err(), LogoutTokenError::Signature);
}

#[tokio::test]
async fn a_rotated_key_is_fetched_and_forged_tokens_cause_at_most_one_fetch_per_cooldown() {
    let harness = Harness::start().await;
    let token = || harness.provider.logout_token(Some("usr_ada"), None, |_| {});
    judge(&harness, &token()).await.unwrap();
    harness.provider.clock().advance(30);
    harness.provider.rotate_keys();
    judge(&harness, &token()).await.unwrap();
    let fetched = harness.provider.requests(Endpoint::Jwks);
    assert_eq!(fetched, 2);
    for _ in 0..10 {
        let forged = harness
            .provider
            .logout_token(Some("usr_ada"), None, Jwt::sign_with_unpublished_key);
        assert_eq!(
            judge(&harness, &forged).await.unwrap_err(),
            LogoutTokenError::UnknownKey
        );
    }
    assert_eq!(
        harness.provider.requests(Endpoint::Jwks),
        fetched,
        "within the cool-down"
    );
}

#[tokio::test]
async fn rejects_an_unsupported_algorithm_before_any_request() {
    let harness = Harness::start().await;
    for tweak in [Jwt::unsign, Jwt::sign_hs256_with_public_key] {
        let token = harness.provider.logout_token(Some("usr_ada"), None, tweak);
        assert_eq!(LogoutToken::parse(&token).unwrap_err(), LogoutTokenError::Algorithm);
        assert_eq!(judge(&harness, &token).await.unwrap_err(), LogoutTokenError::Algorithm);
    }
    assert!(harness.provider.log().is_empty());
}

#[tokio::test]
async fn invalid_claims_cause_no_request() {
    let harness = Harness::start().await;
    for (name, value) in [
        ("iss", json!("https://evil.example.com/oidc")),
        ("aud", json!("another-app")),
        ("exp", json!(1)),
    ] {
        let token = harness.provider.logout_token(Some("usr_ada"), None, claim(name, value));
        judge(&harness, &token).await.unwrap_err();
    }
    assert!(harness.provider.log().is_empty());
}

#[tokio::test]
async fn without_keys_the_error_is_transient() {
    let harness = Harness::start().await;
    harness.provider.fault(HttpFault::Status(503).at(Endpoint::Jwks));
    let token = harness.provider.logout_token(Some("usr_ada"), None, |_| {});
    let error = judge(&harness, &token).await.unwrap_err();
    assert!(
        matches!(error, LogoutTokenError::Keys(DiscoveryError::Request(_))),
        "{error:?}"
    );
    assert!(error.is_transient());
    assert_eq!(error.fault(), Fault::Provider);
}

/// Verifies a token later. The clock moves on whenever the verification waits.
async fn judge_later(harness: &Harness, token: &str, while_waiting: impl Fn()) -> Result<(), LogoutTokenError> {
    let clock = harness.provider.clock();
    let mut later = std::pin::pin!(harness.client.verify_logout_token_later(token));
    loop {
        tokio::select! {
            biased;
            verified = &mut later => return verified.map(drop),
            () = clock.end_sleep() => while_waiting(),
        }
    }
}

#[tokio::test]
async fn a_token_is_verified_later_once_the_keys_are_available() {
    let harness = Harness::start().await;
    harness.provider.fault(HttpFault::Status(503).at(Endpoint::Jwks));
    let token = harness.provider.logout_token(Some("usr_ada"), None, |_| {});
    let verified = judge_later(&harness, &token, || harness.provider.clear_faults()).await;
    assert!(verified.is_ok(), "{verified:?}");
}

#[tokio::test]
async fn a_token_that_is_invalid_is_not_verified_again_later() {
    let harness = Harness::start().await;
    let token = harness
        .provider
        .logout_token(Some("usr_ada"), None, claim("aud", "another-app"));
    let started = harness.client.now();
    let verified = judge_later(&harness, &token, || {}).await;
    assert!(matches!(verified, Err(LogoutTokenError::Audience)), "{verified:?}");
    assert_eq!(harness.client.now(), started.plus(1), "after the first wait");
}
