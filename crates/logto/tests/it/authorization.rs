//! The URL of the authorization request.

use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use logto::{LogtoClient, NoRandomness, Prompt, Random, SignInError, SignInOptions, UserScope};
use logto_testing::{DEFAULT_RESOURCE, DiscoveryFault, Endpoint, TestProvider};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::harness::{self, Harness, ORGANIZATIONS_RESOURCE, text, value, values};

fn names(url: &Url) -> Vec<String> {
    let mut names: Vec<_> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn the_request_has_exactly_the_required_parameters() {
    let harness = Harness::start().await;
    let url = harness.begin().await.authorization_url;
    assert_eq!(
        names(&url),
        [
            "client_id",
            "code_challenge",
            "code_challenge_method",
            "nonce",
            "prompt",
            "redirect_uri",
            "resource",
            "resource",
            "response_type",
            "scope",
            "state"
        ]
    );
    assert!(url.as_str().starts_with(&harness.provider.url(Endpoint::Authorization)));
    assert_eq!(value(&url, "response_type"), "code");
    assert_eq!(value(&url, "client_id"), harness.provider.app_id());
    assert_eq!(value(&url, "redirect_uri"), harness.provider.redirect_uri());
    assert_eq!(value(&url, "prompt"), "consent");
    assert_eq!(values(&url, "resource"), [DEFAULT_RESOURCE, ORGANIZATIONS_RESOURCE]);
    assert_eq!(value(&url, "scope"), harness.client.config().scopes().join(" "));
    for scope in [
        "openid",
        "offline_access",
        "profile",
        UserScope::Organizations.as_str(),
        "read:products",
    ] {
        assert!(value(&url, "scope").split(' ').any(|it| it == scope), "{scope}");
    }
}

#[tokio::test]
async fn the_pkce_verifier_matches_the_challenge() {
    let harness = Harness::start().await;
    let start = harness.begin().await;
    let url = start.authorization_url.clone();
    assert_eq!(value(&url, "code_challenge_method"), "S256");
    let query = harness.visit(&start).await;
    let _ = harness.finish(&query, start.transaction).await.unwrap();

    let exchange = harness.logged(Endpoint::Token).remove(0);
    let verifier = exchange.params.get("code_verifier").unwrap();
    assert!((43..=128).contains(&verifier.len()), "RFC 7636 §4.1");
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    assert_eq!(value(&url, "code_challenge"), challenge);
    assert!(!url.as_str().contains(verifier));
}

#[tokio::test]
async fn state_nonce_and_verifier_are_256_bits_each_and_new_at_every_sign_in() {
    let harness = Harness::start().await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        let start = harness.begin().await;
        let url = &start.authorization_url;
        assert_eq!(value(url, "state"), text(start.transaction.state()));
        seen.extend(["state", "nonce", "code_challenge"].map(|name| value(url, name)));
    }
    assert!(seen.iter().all(|text| text.len() == 43), "{seen:?}");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 6);
}

#[tokio::test]
async fn a_sign_in_without_randomness_fails() {
    struct Empty;
    impl Random for Empty {
        fn fill(&self, _: &mut [u8]) -> Result<(), NoRandomness> {
            Err(NoRandomness)
        }
    }
    let harness = Harness::start().await;
    let config = harness::config(&harness.provider);
    let environment = harness::environment(&harness.provider, config.http_limits()).with_random(Arc::new(Empty));
    let client = LogtoClient::new(config, environment).unwrap();
    let error = client.start_sign_in(harness.options()).await.unwrap_err();
    assert_eq!(error, SignInError::NoRandomness(NoRandomness));
}

#[tokio::test]
async fn neither_the_secret_nor_the_return_path_is_in_the_url() {
    let harness = Harness::start().await;
    let options = harness.options().with_post_redirect("/orders?id=7");
    let start = harness.client.start_sign_in(options).await.unwrap();
    assert_eq!(start.transaction.post_redirect(), Some("/orders?id=7"));
    let url = start.authorization_url.as_str();
    assert!(
        !url.contains("orders") && !url.contains(harness.provider.app_secret()),
        "{url}"
    );
}

/// Without `login` or `consent`, Logto ignores the token if the browser has a session.
#[tokio::test]
async fn a_one_time_token_is_always_sent_with_login_or_consent() {
    for (configured, expected) in [
        (&[][..], "consent"),
        (&[Prompt::Consent], "consent"),
        (&[Prompt::Login], "login"),
        (&[Prompt::None], "consent"),
    ] {
        let prompt = configured.iter().copied();
        let harness = Harness::with(TestProvider::builder(), |config| config.with_prompt(prompt)).await;
        let link = harness
            .options()
            .with_one_time_token("t0ken")
            .with_login_hint("ada@example.com");
        for options in [link.clone(), link.with_prompt(configured.iter().copied())] {
            let start = harness.client.start_sign_in(options).await.unwrap();
            assert_eq!(value(&start.authorization_url, "prompt"), expected);
            assert_eq!(start.transaction.link_email(), Some("ada@example.com"));
        }
    }
    let hint = Harness::start().await;
    let options = hint.options().with_login_hint("ada@example.com");
    let start = hint.client.start_sign_in(options).await.unwrap();
    assert_eq!(start.transaction.link_email(), None, "a hint alone is no magic link");
}

#[tokio::test]
async fn the_prompt_can_be_configured_and_changed_for_one_sign_in() {
    let harness = Harness::with(TestProvider::builder(), |config| config.with_prompt([Prompt::Login])).await;
    assert_eq!(value(&harness.begin().await.authorization_url, "prompt"), "login");
    for (prompt, expected) in [
        (vec![Prompt::None], vec!["none"]),
        (vec![Prompt::Login, Prompt::Consent], vec!["login consent"]),
        (vec![], vec![]),
    ] {
        let options = harness.options().with_prompt(prompt);
        let url = harness.client.start_sign_in(options).await.unwrap().authorization_url;
        assert_eq!(values(&url, "prompt"), expected);
    }
}

#[tokio::test]
async fn without_reserved_scopes_only_configured_scopes_and_resources_are_sent() {
    let harness = Harness::with(TestProvider::builder(), |config| {
        config
            .with_reserved_scopes(false)
            .with_scopes(["openid"])
            .with_resources::<String>([])
    })
    .await;
    let url = harness.begin().await.authorization_url;
    assert_eq!(value(&url, "scope"), "openid");
    assert_eq!(values(&url, "resource"), [""; 0]);
    assert!(harness.sign_in().await.refresh_token.is_none());
}

#[tokio::test]
async fn rejects_invalid_redirect_uris_before_any_request() {
    let harness = Harness::start().await;
    for bad in [
        "",
        "/callback",
        "javascript:alert(1)",
        "https://app.example.com/callback#fragment",
    ] {
        let options = SignInOptions::new().with_redirect_uri(bad);
        let error = harness.client.start_sign_in(options).await.unwrap_err();
        assert_eq!(error, SignInError::InvalidRedirectUri, "{bad}");
    }
    assert_eq!(harness.provider.log().len(), 0);
}

#[tokio::test]
async fn the_redirect_uri_is_sent_unchanged() {
    // A URL library would lower-case the host and add a slash; Logto compares bytes.
    let uri = "http://LOCALHOST:3000/a/%7Eb?tenant=x%20y";
    let harness = Harness::of(TestProvider::builder().redirect_uri(uri)).await;
    let start = harness.begin().await;
    assert_eq!(value(&start.authorization_url, "redirect_uri"), uri);
}

#[tokio::test]
async fn existing_parameters_of_the_authorization_endpoint_are_kept() {
    let harness = Harness::start().await;
    let endpoint = format!("{}?tenant=one", harness.provider.url(Endpoint::Authorization));
    harness
        .provider
        .fault(DiscoveryFault::Set("authorization_endpoint", json!(endpoint)));
    let url = harness.begin().await.authorization_url;
    assert_eq!(value(&url, "tenant"), "one");
    assert_eq!(value(&url, "client_id"), harness.provider.app_id());
}

#[tokio::test]
async fn a_public_client_signs_in_with_pkce_alone() {
    let harness = Harness::of(TestProvider::builder().public_client()).await;
    harness.assert_signs_in().await;
    let exchange = harness.logged(Endpoint::Token).remove(0);
    assert!(!exchange.headers.contains_key("authorization"));
    assert_eq!(exchange.params.get("client_id"), Some(harness.provider.app_id()));
}
