//! The claims of the ID token of a sign-in (OIDC Core §3.1.3.7). Some tests are in `conformance`.

use logto::{CallbackError, Diagnose as _, Fault, IdTokenError, Prompt, RequestError, SignedIn, Timestamp, TokenError};
use logto_testing::{IdTokenFault, Membership, TestProvider, User};
use serde_json::{Value, json};

use crate::harness::{Harness, all_text, value};

/// `max_age` of every sign-in in these tests, in seconds.
const MAX_AGE: u64 = 1000;

/// The default clock tolerance, in seconds.
const TOLERANCE: u64 = 60;

async fn sign_in_with(fault: IdTokenFault) -> Result<SignedIn, CallbackError> {
    let harness = Harness::start().await;
    harness.provider.fault(fault);
    sign_in(&harness).await
}

async fn sign_in(harness: &Harness) -> Result<SignedIn, CallbackError> {
    let options = harness.options().with_max_age(MAX_AGE);
    harness.try_sign_in_with(options).await
}

fn claim(name: &'static str, value: impl Into<Value>) -> IdTokenFault {
    let value = value.into();
    IdTokenFault::claims(move |claims| {
        claims.insert(name.to_owned(), value.clone());
    })
}

macro_rules! rejects {
    ($($(#[$meta:meta])* $name:ident: $fault:expr => $error:ident)*) => {$(
        $(#[$meta])*
        #[tokio::test]
        async fn $name() {
            let error = sign_in_with($fault).await.unwrap_err();
            assert_eq!(error, CallbackError::IdToken(IdTokenError::$error));
            assert!(!error.is_transient());
            assert!(!all_text(&error).contains("evil"));
        }
    )*};
}

rejects! {
    rejects_an_issuer_that_differs_by_a_slash: IdTokenFault::claims(|claims| {
        let longer = format!("{}/", claims["iss"].as_str().unwrap());
        claims.insert("iss".to_owned(), json!(longer));
    }) => Issuer
    rejects_an_issuer_with_an_upper_case_scheme: IdTokenFault::claims(|claims| {
        let capitals = claims["iss"].as_str().unwrap().replace("http://", "HTTP://");
        claims.insert("iss".to_owned(), json!(capitals));
    }) => Issuer
    rejects_an_audience_that_starts_with_the_expected_one: claim("aud", "test-app2") => Audience
    rejects_an_empty_list_of_audiences: claim("aud", json!([])) => Audience
    rejects_a_second_audience_without_azp: IdTokenFault::AudienceListWithoutAzp => Audience
    /// Step 3: another audience could send the token to this app.
    rejects_a_second_audience_even_with_azp: IdTokenFault::AudienceListWithAzp => Audience
    rejects_another_authorized_party: IdTokenFault::AzpOther => AuthorizedParty
    rejects_an_empty_subject: IdTokenFault::SubjectEmpty => Malformed
    rejects_a_token_issued_in_the_future: IdTokenFault::IssuedAtFuture(TOLERANCE + 1) => NotYetValid
    rejects_an_expired_token: IdTokenFault::ExpiryPast(TOLERANCE) => Expired
    rejects_an_expiry_before_the_epoch: claim("exp", -1) => Expired
    rejects_a_missing_nonce: IdTokenFault::NonceMissing => Nonce
    rejects_an_empty_nonce: claim("nonce", "") => Nonce
    rejects_a_missing_auth_time_after_max_age: IdTokenFault::AuthTimeMissing => AuthenticationTooOld
    rejects_an_authentication_older_than_max_age: IdTokenFault::AuthTimePast(MAX_AGE + TOLERANCE + 1) => AuthenticationTooOld
    rejects_an_access_token_in_place_of_an_id_token: IdTokenFault::jwt(|jwt| {
        jwt.header.insert("typ".to_owned(), json!("at+jwt"));
    }) => Malformed
    rejects_a_logout_token_in_place_of_an_id_token: IdTokenFault::jwt(|jwt| {
        jwt.header.insert("typ".to_owned(), json!("logout+jwt"));
    }) => Malformed
}

/// Rejected while the token response is parsed, because the text is not an ID token.
macro_rules! rejects_the_response {
    ($($name:ident: $fault:expr)*) => {$(
        #[tokio::test]
        async fn $name() {
            let error = sign_in_with($fault).await.unwrap_err();
            let unreadable = RequestError::InvalidResponse("the token response");
            assert_eq!(error, CallbackError::Token(TokenError::Request(unreadable)));
            assert!(!error.is_transient());
        }
    )*};
}

rejects_the_response! {
    rejects_a_missing_issuer: IdTokenFault::IssuerMissing
    rejects_a_missing_expiry: IdTokenFault::ExpiryMissing
    rejects_an_expiry_that_is_text: claim("exp", "tomorrow")
    rejects_text_that_is_not_a_jwt: IdTokenFault::NotAJwt
    rejects_an_issuer_that_is_not_a_url: claim("iss", "somebody")
}

macro_rules! accepts {
    ($($name:ident: $fault:expr)*) => {$(
        #[tokio::test]
        async fn $name() {
            let _ = sign_in_with($fault).await.unwrap();
        }
    )*};
}

accepts! {
    an_audience_may_be_a_list_of_this_app_alone: IdTokenFault::AudienceListOfOne
    this_app_may_be_the_authorized_party: claim("azp", "test-app")
    an_issue_time_within_the_tolerance_passes: IdTokenFault::IssuedAtFuture(TOLERANCE)
    an_expiry_within_the_tolerance_passes: IdTokenFault::ExpiryPast(TOLERANCE - 1)
    an_authentication_within_max_age_and_tolerance_passes: IdTokenFault::AuthTimePast(MAX_AGE + TOLERANCE)
    the_type_may_be_jwt: IdTokenFault::jwt(|jwt| drop(jwt.header.insert("typ".to_owned(), json!("JWT"))))
}

#[tokio::test]
async fn rejects_a_token_that_is_not_valid_yet() {
    for (ahead, good) in [(TOLERANCE, true), (TOLERANCE + 1, false)] {
        let harness = Harness::start().await;
        harness
            .provider
            .fault(claim("nbf", harness.provider.clock().now() + ahead));
        match sign_in(&harness).await {
            Ok(_) => assert!(good),
            Err(error) => {
                assert!(!good);
                assert_eq!(error, CallbackError::IdToken(IdTokenError::NotYetValid));
            }
        }
    }
}

#[tokio::test]
async fn the_tolerance_can_be_configured() {
    for (tolerance, behind, good) in [(0, 0, false), (0, 1, false), (300, 299, true), (300, 300, false)] {
        let harness = Harness::with(TestProvider::builder(), |config| config.with_clock_tolerance(tolerance)).await;
        harness.provider.fault(IdTokenFault::ExpiryPast(behind));
        assert_eq!(sign_in(&harness).await.is_ok(), good, "{tolerance} {behind}");
    }
}

#[tokio::test]
async fn without_max_age_the_age_of_the_authentication_does_not_matter() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    assert_eq!(signed_in.id_token.claims().auth_time, None);
    harness.provider.fault(IdTokenFault::AuthTimePast(1_000_000));
    harness.assert_signs_in().await;
}

/// Logto sends `auth_time` only if `max_age` is requested, which `prompt=login` implies.
#[tokio::test]
async fn rejects_an_authentication_before_a_sign_in_with_prompt_login() {
    for (prompt, ahead, good) in [
        (Prompt::Login, TOLERANCE, true),
        (Prompt::Login, TOLERANCE + 1, false),
        (Prompt::Consent, TOLERANCE + 1, true),
    ] {
        let harness = Harness::with(TestProvider::builder(), |config| config.with_prompt([prompt])).await;
        harness.assert_signs_in().await;
        harness.provider.fault(IdTokenFault::AuthTimePast(ahead));
        match harness.try_sign_in().await {
            Ok(_) => assert!(good, "{prompt:?} {ahead}"),
            Err(error) => {
                assert!(!good, "{prompt:?} {ahead}");
                assert_eq!(error, CallbackError::IdToken(IdTokenError::AuthenticationTooOld));
            }
        }
    }
}

/// The user may have removed `prompt=login` from the URL.
#[tokio::test]
async fn rejects_a_missing_auth_time_after_a_sign_in_with_prompt_login() {
    let harness = Harness::with(TestProvider::builder(), |config| config.with_prompt([Prompt::Login])).await;
    harness.provider.fault(IdTokenFault::AuthTimeMissing);
    let error = harness.try_sign_in().await.unwrap_err();
    assert_eq!(error, CallbackError::IdToken(IdTokenError::AuthenticationTooOld));
}

#[tokio::test]
async fn max_age_forces_a_new_authentication_in_an_old_browser_session() {
    let harness = Harness::start().await;
    harness.provider.clock().advance(MAX_AGE + 1);
    let claims = sign_in(&harness).await.unwrap().id_token.claims().clone();
    assert_eq!(claims.auth_time, Some(harness.client.now()));
}

#[tokio::test]
async fn a_swapped_token_is_a_mismatch_and_an_old_authentication_is_a_user_error() {
    let fault = async |fault| sign_in_with(fault).await.unwrap_err().fault();
    assert_eq!(fault(IdTokenFault::NonceWrong).await, Fault::Mismatch);
    assert_eq!(fault(IdTokenFault::AuthTimeMissing).await, Fault::User);
    assert_eq!(fault(IdTokenFault::SubjectMissing).await, Fault::Provider);
}

fn user() -> User {
    let mut user = User::new("grace")
        .with_email("grace@example.com")
        .with_role("admin")
        .with_role("editor")
        .with_organization(Membership::of("acme").with_role("owner"))
        .with_organization(Membership::of("globex"));
    let profile = json!({
        "given_name": "Grace", "family_name": "Hopper", "middle_name": "Brewster", "nickname": "Amazing Grace",
        "preferred_username": "gh", "profile": "https://example.com/grace", "website": "https://grace.example.com",
        "gender": "female", "birthdate": "1906-12-09", "zoneinfo": "America/New_York", "locale": "en-US",
        "address": { "locality": "Arlington" }, "favourite_language": "COBOL",
    });
    user.profile.clone_from(profile.as_object().unwrap());
    user
}

#[tokio::test]
async fn a_sign_in_returns_all_claims_with_nulls_and_milliseconds() {
    let harness = Harness::of(TestProvider::builder().user(user()).backchannel_session_required()).await;
    let options = harness.options().with_max_age(MAX_AGE);
    let start = harness.client.start_sign_in(options).await.unwrap();
    let nonce = value(&start.authorization_url, "nonce");
    let query = harness.visit(&start).await;
    let signed_in = harness.finish(&query, start.transaction).await.unwrap();
    let (now, claims) = (harness.client.now(), signed_in.id_token.claims());

    assert_eq!(claims.iss, harness.provider.issuer());
    assert_eq!(claims.sub, "usr_grace");
    assert_eq!(claims.aud.as_slice(), [harness.provider.app_id()]);
    assert_eq!((claims.iat, claims.exp), (now, now.plus(3600)));
    assert_eq!(claims.auth_time, Some(now));
    assert_eq!(claims.nonce, Some(nonce));
    assert_eq!(claims.sid, harness.provider.sid());
    assert_eq!((&claims.azp, claims.nbf, &claims.at_hash), (&None, None, &None));

    let profile = &claims.profile;
    let given = |claim: &Option<String>| claim.clone().unwrap();
    assert_eq!((&profile.name, &profile.picture), (&None, &None), "null");
    assert_eq!(given(&profile.username), "grace");
    assert_eq!(given(&profile.given_name), "Grace");
    assert_eq!(given(&profile.family_name), "Hopper");
    assert_eq!(given(&profile.middle_name), "Brewster");
    assert_eq!(given(&profile.nickname), "Amazing Grace");
    assert_eq!(given(&profile.preferred_username), "gh");
    assert_eq!(given(&profile.profile), "https://example.com/grace");
    assert_eq!(given(&profile.website), "https://grace.example.com");
    assert_eq!(given(&profile.gender), "female");
    assert_eq!(given(&profile.birthdate), "1906-12-09");
    assert_eq!(given(&profile.zoneinfo), "America/New_York");
    assert_eq!(given(&profile.locale), "en-US");
    assert_eq!(profile.address, Some(json!({ "locality": "Arlington" })));
    assert_eq!(given(&profile.email), "grace@example.com");
    assert_eq!(profile.email_verified, Some(true));
    assert_eq!(
        (&profile.phone_number, profile.phone_number_verified),
        (&None, Some(false))
    );
    assert_eq!(profile.roles.as_deref().unwrap(), ["admin", "editor"]);
    assert_eq!(profile.organizations.as_deref().unwrap(), ["acme", "globex"]);
    assert_eq!(profile.organization_roles.as_deref().unwrap(), ["acme:owner"]);
    assert_eq!(profile.roles_in("acme").unwrap().collect::<Vec<_>>(), ["owner"]);
    let (created, updated) = (profile.created_at.unwrap(), profile.updated_at.unwrap());
    assert_eq!(
        (created.as_millis(), updated.as_millis()),
        (1_700_000_000_123, 1_700_000_500_456)
    );
    assert_eq!(created.timestamp(), Timestamp::from_secs(1_700_000_000));
    assert_eq!(profile.display_name(), Some("grace"));

    assert_eq!(claims.extra.keys().collect::<Vec<_>>(), ["favourite_language"]);
    assert_eq!(claims.extra["favourite_language"], "COBOL");
    let all = signed_in.id_token.claim_map();
    assert_eq!(
        (&all["name"], &all["favourite_language"]),
        (&Value::Null, &json!("COBOL"))
    );

    assert!(signed_in.refresh_token.is_some());
    assert_eq!(signed_in.access_token.expires, now.plus(3600));
    assert!(signed_in.access_token.has_scope("profile"));
    assert!(signed_in.access_token.unverified_claims().is_none(), "opaque");
}

#[tokio::test]
async fn scopes_determine_the_claims() {
    let harness = Harness::with(TestProvider::builder(), |config| config.with_scopes::<String>([])).await;
    let profile = harness.sign_in().await.id_token.claims().profile.clone();
    assert_eq!(profile.name.unwrap(), "Ada Lovelace");
    assert_eq!((profile.email, profile.email_verified), (None, None));
    assert_eq!(
        (profile.roles, profile.organizations, profile.organization_roles),
        (None, None, None)
    );
}

#[tokio::test]
async fn without_offline_access_there_is_no_refresh_token() {
    let harness = Harness::with(TestProvider::builder(), |config| {
        config.with_reserved_scopes(false).with_scopes(["openid"])
    })
    .await;
    assert!(harness.sign_in().await.refresh_token.is_none());
}
