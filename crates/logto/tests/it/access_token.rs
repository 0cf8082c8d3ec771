//! Bearer tokens at a protected API (RFC 9068 §4).

use std::time::Duration;

use logto::{
    AccessTokenClaims, AccessTokenError, AccessTokenRules, Acr, Diagnose as _, Fault, StepUp, TokenTarget,
    organization_urn,
};
use logto_testing::{DEFAULT_RESOURCE, Jwt};
use serde_json::{Value, json};

use crate::harness::{Harness, all_text, both, text};

/// The default clock tolerance, in seconds.
const TOLERANCE: u64 = 60;

pub(crate) fn rules() -> AccessTokenRules {
    AccessTokenRules::resource(DEFAULT_RESOURCE).with_scope("read:products")
}

fn for_target(target: TokenTarget) -> AccessTokenRules {
    match (target.resource, target.organization_id) {
        (Some(resource), None) => AccessTokenRules::resource(resource),
        (Some(resource), Some(id)) => AccessTokenRules::resource_in_organization(resource, id),
        (None, Some(id)) => AccessTokenRules::organization(id),
        (None, None) => panic!("an opaque token is for userinfo alone"),
    }
}

pub(crate) async fn judge(
    harness: &Harness,
    token: &str,
    rules: &AccessTokenRules,
) -> Result<AccessTokenClaims, AccessTokenError> {
    harness.client.verify_access_token(&token.into(), rules).await
}

pub(crate) async fn judge_after(tweak: impl FnOnce(&mut Jwt)) -> Result<AccessTokenClaims, AccessTokenError> {
    let harness = Harness::start().await;
    let token = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], tweak);
    judge(&harness, &token, &rules()).await
}

fn claim(name: &'static str, value: impl Into<Value>) -> impl FnOnce(&mut Jwt) {
    let value = value.into();
    move |jwt| drop(jwt.claims.insert(name.to_owned(), value))
}

fn header(name: &'static str, value: impl Into<Value>) -> impl FnOnce(&mut Jwt) {
    let value = value.into();
    move |jwt| drop(jwt.header.insert(name.to_owned(), value))
}

fn without(name: &'static str) -> impl FnOnce(&mut Jwt) {
    move |jwt| drop(jwt.claims.remove(name))
}

#[tokio::test]
async fn a_valid_token_is_accepted_with_its_claims() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let tokens = harness
        .refresh(&signed_in, &TokenTarget::resource(DEFAULT_RESOURCE))
        .await
        .unwrap();
    let token = tokens.access_token;
    let claims = harness
        .client
        .verify_access_token(&token.secret, &rules().with_scope("write:products"))
        .await
        .unwrap();
    let now = harness.client.now();
    assert_eq!(claims.iss, harness.provider.issuer());
    assert_eq!(claims.sub, "usr_ada");
    assert_eq!(claims.aud.as_slice(), [DEFAULT_RESOURCE]);
    assert_eq!((claims.iat, claims.exp), (now, now.plus(3600)));
    assert_eq!(claims.client_id.as_deref(), Some(harness.provider.app_id()));
    assert_eq!(claims.organization_id, None);
    assert_eq!(claims.scopes().collect::<Vec<_>>(), ["read:products", "write:products"]);
    assert!(claims.jti.is_some() && claims.extra.is_empty());
    assert_eq!(token.unverified_claims(), Some(claims));
}

#[tokio::test]
async fn organization_tokens_are_accepted_for_their_own_target_only() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let targets = [
        TokenTarget::resource(DEFAULT_RESOURCE),
        TokenTarget::organization("acme"),
        TokenTarget::organization("globex"),
        both(DEFAULT_RESOURCE, "acme"),
        both(DEFAULT_RESOURCE, "globex"),
    ];
    for asked in &targets {
        let tokens = harness.refresh(&signed_in, asked).await.unwrap();
        for accepted in &targets {
            let token = text(&tokens.access_token.secret);
            let judged = judge(&harness, token, &for_target(accepted.clone())).await;
            assert_eq!(
                judged.is_ok(),
                asked == accepted,
                "{asked:?} at an API for {accepted:?}"
            );
        }
    }
}

macro_rules! rejects {
    ($($(#[$meta:meta])* $name:ident: $tweak:expr => $error:ident)*) => {$(
        $(#[$meta])*
        #[tokio::test]
        async fn $name() {
            let error = judge_after($tweak).await.unwrap_err();
            assert_eq!(error, AccessTokenError::$error);
            assert_eq!((error.code(), error.fault(), error.is_transient()), ("invalid_token", Fault::User, false));
            assert!(!all_text(&error).contains("evil"));
        }
    )*};
}

rejects! {
    /// RFC 9068 §2.1: without this check, an ID token could pass as an access token.
    rejects_a_token_without_type: |jwt: &mut Jwt| drop(jwt.header.remove("typ")) => Invalid
    rejects_the_type_jwt: header("typ", "JWT") => Invalid
    rejects_a_logout_token: header("typ", "logout+jwt") => Invalid
    rejects_an_unsigned_token: Jwt::unsign => Invalid
    rejects_a_bad_signature: Jwt::break_signature => Invalid
    rejects_an_unpublished_key: Jwt::sign_with_unpublished_key => Invalid
    rejects_an_unknown_kid: header("kid", "nobody-knows") => Invalid
    rejects_hs256_with_the_app_secret: |jwt: &mut Jwt| jwt.sign_hs256(b"test-app-secret-of-32-characters") => Invalid
    rejects_an_algorithm_that_does_not_match_the_key: header("alg", "RS256") => Invalid
    rejects_an_algorithm_that_does_not_exist: header("alg", "ES385") => Invalid
    /// RFC 7515 §4.1.11
    rejects_an_unknown_critical_header: header("crit", json!(["urn:example:unknown"])) => Invalid
    rejects_another_audience: claim("aud", "https://api.example.com/orders") => Audience
    rejects_an_audience_that_starts_with_the_expected_one: claim("aud", format!("{DEFAULT_RESOURCE}2")) => Audience
    rejects_a_list_of_other_audiences: claim("aud", json!(["a", "b"])) => Audience
    rejects_the_audience_of_the_app: claim("aud", "test-app") => Audience
    rejects_a_missing_audience: without("aud") => Invalid
    rejects_another_issuer: claim("iss", "https://evil.example.com/oidc") => Issuer
    rejects_a_missing_issuer: without("iss") => Invalid
    rejects_a_missing_subject: without("sub") => Invalid
    rejects_a_missing_expiry: without("exp") => Invalid
    rejects_a_missing_issue_time: without("iat") => Invalid
    rejects_an_unexpected_organization: claim("organization_id", "acme") => Organization
}

#[tokio::test]
async fn a_list_of_audiences_and_every_form_of_the_type_are_accepted() {
    judge_after(claim("aud", json!(["https://other", DEFAULT_RESOURCE])))
        .await
        .unwrap();
    judge_after(header("typ", "application/at+jwt")).await.unwrap();
    judge_after(header("typ", "AT+JWT")).await.unwrap();
}

#[tokio::test]
async fn rejects_an_id_token() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let app = for_target(TokenTarget::resource(harness.provider.app_id()));
    let error = judge(&harness, text(signed_in.id_token.raw()), &app).await.unwrap_err();
    assert_eq!(error, AccessTokenError::Invalid);
}

#[tokio::test]
async fn rejects_an_opaque_token_and_other_text() {
    let harness = Harness::start().await;
    let opaque = harness.sign_in().await.access_token.secret;
    for token in [
        text(&opaque),
        "",
        ".",
        "..",
        "a.b.c",
        "null",
        "e30.e30.e30",
        "\u{0}\u{7f}ü",
    ] {
        let error = judge(&harness, token, &rules()).await.unwrap_err();
        assert_eq!(error, AccessTokenError::Invalid, "{token}");
    }
}

#[tokio::test]
async fn times_are_checked_with_the_tolerance_to_the_second() {
    let harness = Harness::start().await;
    let now = harness.provider.clock().now();
    let cases = [
        ("exp", now - TOLERANCE + 1, None),
        ("exp", now - TOLERANCE, Some(AccessTokenError::Expired)),
        ("iat", now + TOLERANCE, None),
        ("iat", now + TOLERANCE + 1, Some(AccessTokenError::Invalid)),
        ("nbf", now + TOLERANCE, None),
        ("nbf", now + TOLERANCE + 1, Some(AccessTokenError::Invalid)),
    ];
    for (name, time, expected) in cases {
        let token = harness
            .provider
            .access_token("ada", DEFAULT_RESOURCE, &["read:products"], claim(name, time));
        assert_eq!(judge(&harness, &token, &rules()).await.err(), expected, "{name} {time}");
    }
}

#[tokio::test]
async fn rejects_a_token_after_its_lifetime_and_the_tolerance() {
    let harness = Harness::start().await;
    let token = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    harness.provider.clock().advance(3600 + TOLERANCE - 1);
    judge(&harness, &token, &rules()).await.unwrap();
    harness.provider.clock().advance(1);
    assert_eq!(
        judge(&harness, &token, &rules()).await.unwrap_err(),
        AccessTokenError::Expired
    );
}

#[tokio::test]
async fn rejects_tokens_of_another_organization() {
    let harness = Harness::start().await;
    let within = both(DEFAULT_RESOURCE, "acme");
    for (organization, expected) in [
        (Some(json!("acme")), None),
        (Some(json!("globex")), Some(AccessTokenError::Organization)),
        (Some(json!("acme2")), Some(AccessTokenError::Organization)),
        (Some(json!("")), Some(AccessTokenError::Organization)),
        (None, Some(AccessTokenError::Organization)),
    ] {
        let token = harness.provider.access_token("ada", DEFAULT_RESOURCE, &[], |jwt| {
            jwt.claims
                .extend(organization.map(|id| ("organization_id".to_owned(), id)));
        });
        assert_eq!(
            judge(&harness, &token, &for_target(within.clone())).await.err(),
            expected
        );
    }
    let other = harness
        .provider
        .access_token("ada", &organization_urn("globex"), &[], |_| {});
    let rules = for_target(TokenTarget::organization("acme"));
    assert_eq!(
        judge(&harness, &other, &rules).await.unwrap_err(),
        AccessTokenError::Audience
    );
}

/// Clerk CVE-2026-42349: combined conditions failed open.
#[tokio::test]
async fn every_scope_is_required() {
    let harness = Harness::start().await;
    let rules = rules().with_scope("write:products");
    for (granted, missing) in [
        (vec!["read:products", "write:products"], None),
        (vec!["read:products", "write:products", "more"], None),
        (vec!["read:products"], Some("write:products")),
        (vec!["write:products"], Some("read:products")),
        (vec!["read:products", "write:products2"], Some("write:products")),
        (vec!["READ:PRODUCTS", "write:products"], Some("read:products")),
        (vec![], Some("read:products")),
    ] {
        let token = harness.provider.access_token("ada", DEFAULT_RESOURCE, &granted, |_| {});
        let error = judge(&harness, &token, &rules).await.err();
        assert_eq!(
            error,
            missing.map(|scope| AccessTokenError::InsufficientScope(scope.to_owned()))
        );
        assert!(error.is_none_or(|error| error.code() == "insufficient_scope"));
    }
}

#[tokio::test]
async fn a_token_within_any_organization_is_accepted_and_names_it() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let resource = AccessTokenRules::resource_in_any_organization(DEFAULT_RESOURCE);
    let organization = AccessTokenRules::any_organization();
    for (target, by_resource, by_organization) in [
        (both(DEFAULT_RESOURCE, "acme"), Some("acme"), None),
        (both(DEFAULT_RESOURCE, "globex"), Some("globex"), None),
        (TokenTarget::organization("acme"), None, Some("acme")),
        (TokenTarget::organization("globex"), None, Some("globex")),
        (TokenTarget::resource(DEFAULT_RESOURCE), None, None),
    ] {
        let tokens = harness.refresh(&signed_in, &target).await.unwrap();
        let token = text(&tokens.access_token.secret);
        for (rules, expected) in [(&resource, by_resource), (&organization, by_organization)] {
            let claims = judge(&harness, token, rules).await.ok();
            let told = claims.as_ref().and_then(AccessTokenClaims::organization);
            assert_eq!(told, expected, "{target:?} at an API for {rules:?}");
            assert_eq!(
                claims.is_some(),
                expected.is_some(),
                "{target:?} at an API for {rules:?}"
            );
        }
    }
}

#[tokio::test]
async fn any_organization_rejects_tokens_with_none_or_several() {
    let harness = Harness::start().await;
    let resource = AccessTokenRules::resource_in_any_organization(DEFAULT_RESOURCE);
    for id in [json!(""), Value::Null] {
        let token = harness
            .provider
            .access_token("ada", DEFAULT_RESOURCE, &[], claim("organization_id", id));
        let error = judge(&harness, &token, &resource).await.unwrap_err();
        assert_eq!(error, AccessTokenError::Organization);
    }
    let other = harness
        .provider
        .access_token("ada", "https://other", &[], claim("organization_id", "acme"));
    assert_eq!(
        judge(&harness, &other, &resource).await.unwrap_err(),
        AccessTokenError::Audience
    );

    let any = AccessTokenRules::any_organization();
    let (acme, globex) = (organization_urn("acme"), organization_urn("globex"));
    for audience in [
        json!([acme, globex]),
        json!(organization_urn("")),
        json!("urn:logto:organization"),
        json!(DEFAULT_RESOURCE),
    ] {
        let token = harness
            .provider
            .access_token("ada", DEFAULT_RESOURCE, &[], claim("aud", audience));
        assert_eq!(
            judge(&harness, &token, &any).await.unwrap_err(),
            AccessTokenError::Audience
        );
    }
    let token = harness
        .provider
        .access_token("ada", &acme, &[], claim("organization_id", "globex"));
    assert_eq!(
        judge(&harness, &token, &any).await.unwrap_err(),
        AccessTokenError::Organization
    );
    let scoped = AccessTokenRules::any_organization().with_scope("invite:members");
    let token = harness.provider.access_token("ada", &acme, &[], |_| {});
    let error = judge(&harness, &token, &scoped).await.unwrap_err();
    assert_eq!(error, AccessTokenError::InsufficientScope("invite:members".to_owned()));
}

#[tokio::test]
async fn an_api_demands_a_strong_and_a_recent_authentication() {
    let harness = Harness::start().await;
    let now = harness.client.now().as_secs();
    let with = |acr: Option<&str>, ago: Option<u64>| {
        let claims = [
            ("acr", acr.map(Value::from)),
            ("auth_time", ago.map(|ago| json!(now - ago))),
        ];
        harness
            .provider
            .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |jwt| {
                for (name, value) in claims {
                    jwt.claims.extend(value.map(|value| (name.to_owned(), value)));
                }
            })
    };
    let (first, mfa) = (Some("urn:logto:acr:1fa"), Some("urn:logto:acr:mfa"));
    let strong = rules().with_acr(Acr::Mfa);
    let recent = rules().within(Duration::from_secs(300));
    let both = strong.clone().within(Duration::from_secs(300));
    let latest = 300 + TOLERANCE;
    for (rules, token, is_accepted) in [
        (&strong, with(mfa, None), true),
        (&strong, with(first, Some(0)), false),
        (&strong, with(None, Some(0)), false),
        (&recent, with(None, Some(latest)), true),
        (&recent, with(None, Some(latest + 1)), false),
        (&recent, with(mfa, None), false),
        (&both, with(mfa, Some(latest)), true),
        (&both, with(mfa, Some(latest + 1)), false),
        (&both, with(first, Some(0)), false),
        (&rules().with_acr(Acr::FirstFactor), with(mfa, None), true),
    ] {
        let judged = judge(&harness, &token, rules).await;
        assert_eq!(judged.is_ok(), is_accepted, "{rules:?} {judged:?}");
        if let Err(error) = judged {
            assert_eq!(error.code(), "insufficient_user_authentication");
        }
    }
    let proof = StepUp::new().with_acr(Acr::Mfa).with_max_age(Duration::from_secs(300));
    let error = judge(&harness, &with(first, Some(0)), &both).await.unwrap_err();
    assert_eq!(error, AccessTokenError::InsufficientAuthentication(proof));
}

#[tokio::test]
async fn rules_with_an_empty_resource_or_organization_accept_no_token() {
    let harness = Harness::start().await;
    let without = |audience: &str, organization: Option<&str>| {
        harness.provider.access_token("ada", audience, &[], |jwt| {
            if let Some(id) = organization {
                jwt.claims.insert("organization_id".to_owned(), id.into());
            }
        })
    };
    for (rules, token) in [
        (AccessTokenRules::resource(""), without("", None)),
        (AccessTokenRules::organization(""), without(&organization_urn(""), None)),
        (
            AccessTokenRules::resource_in_organization("", "acme"),
            without("", Some("acme")),
        ),
        (
            AccessTokenRules::resource_in_organization(DEFAULT_RESOURCE, ""),
            without(DEFAULT_RESOURCE, Some("")),
        ),
        (
            AccessTokenRules::resource_in_any_organization(""),
            without("", Some("acme")),
        ),
    ] {
        let error = judge(&harness, &token, &rules).await.unwrap_err();
        assert_eq!(error, AccessTokenError::Audience, "{rules:?}");
    }
}
