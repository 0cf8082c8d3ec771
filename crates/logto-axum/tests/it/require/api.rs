//! The layer for APIs: bearer tokens, and the extractor for their claims.

use std::time::Duration;

use axum::{Router, body::Body, routing::get};
use http::{Request, StatusCode};
use logto_axum::{AccessTokenRules, Acr, Diagnose as _, SessionError, TokenClaims, step_up_challenge};
use logto_testing::{CapturedLogs, DEFAULT_RESOURCE, Endpoint, HttpFault};

use crate::app::{Answer, App};

async fn list(claims: TokenClaims) -> String {
    format!("{} {}", claims.sub, claims.scope)
}

fn rules() -> AccessTokenRules {
    AccessTokenRules::resource(DEFAULT_RESOURCE).with_scope("read:products")
}

/// An app with an API and without sessions.
async fn api() -> App {
    api_for(rules()).await
}

async fn api_for(rules: AccessTokenRules) -> App {
    let app = App::start().await;
    let api = Router::new().route("/api", get(list));
    let api = api.layer(app.logto.require_token(rules));
    app.map_router(|_| api)
}

async fn call(app: &App, token: Option<&str>) -> Answer {
    let mut request = Request::get("/api");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_handler_gets_the_claims_of_the_verified_token() {
    let app = api().await;
    let token = app
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    let answer = call(&app, Some(&token)).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::OK, "usr_ada read:products")
    );
}

#[tokio::test]
async fn other_tokens_never_reach_the_handler() {
    let app = api().await;
    let narrow = app
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["write:products"], |_| {});
    let foreign = app
        .provider
        .access_token("ada", "https://other.example.com", &["read:products"], |_| {});
    for (token, status, challenge) in [
        (None, 401, "Bearer"),
        (Some("nonsense"), 401, r#"Bearer error="invalid_token""#),
        (Some(foreign.as_str()), 401, r#"Bearer error="invalid_token""#),
        (Some(narrow.as_str()), 403, r#"Bearer error="insufficient_scope""#),
    ] {
        let answer = call(&app, token).await;
        assert_eq!(answer.status.as_u16(), status, "{answer:?}");
        assert_eq!(answer.headers["www-authenticate"], challenge);
        assert_eq!(answer.body, "");
    }
}

/// RFC 9470 §3. The app reads the demand from the answer, and sends the user to the proof.
#[tokio::test]
async fn a_weak_authentication_is_answered_with_the_demanded_proof() {
    let app = api_for(rules().with_acr(Acr::Mfa).within(Duration::from_secs(300))).await;
    let token = app
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    let answer = call(&app, Some(&token)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        answer.headers["www-authenticate"],
        r#"Bearer error="insufficient_user_authentication", error_description="the user has to authenticate again", acr_values="urn:logto:acr:mfa", max_age="300""#
    );
    let proof = step_up_challenge(&answer.headers).unwrap();
    assert_eq!(SessionError::from(proof).code(), "step_up_needed");
}

#[tokio::test]
async fn nothing_reaches_the_handler_while_the_keys_are_unavailable() {
    let app = api().await;
    let token = app
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    app.provider.fault(HttpFault::RetryAfter(503, "90").at(Endpoint::Jwks));
    let answer = call(&app, Some(&token)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers["retry-after"], "90");
    assert_eq!(answer.body, "");
}

#[tokio::test]
async fn a_missing_token_layer_is_an_error_that_the_log_explains() {
    let (logs, _capture) = CapturedLogs::of_this_thread();
    let router = Router::new().route("/api", get(list));
    let app = App::start().await.map_router(|_| router);
    let answer = call(&app, Some("nonsense")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let log = logs.text();
    assert!(log.contains("add `.layer(logto.require_token(rules))`"), "{log}");
}
