//! Personal access tokens at an API: exchanged at the edge, and cached.

use std::time::Duration;

use axum::{Router, body::Body, routing::get};
use http::{Request, StatusCode};
use logto_axum::{AccessTokenRules, PersonalAccessTokens, TokenClaims, TokenTarget};
use logto_testing::{CapturedLogs, DEFAULT_RESOURCE, Endpoint, HttpFault, Jwt, MachineApp, TestProvider, TokenFault};

use crate::app::{Answer, App};

fn options() -> PersonalAccessTokens {
    PersonalAccessTokens::new("edge", "secret of the edge", TokenTarget::resource(DEFAULT_RESOURCE))
        .with_scopes(["read:products", "write:products"])
}

/// An API without sessions that accepts personal access tokens.
async fn api() -> App {
    api_with(options()).await
}

async fn api_with(options: PersonalAccessTokens) -> App {
    let edge = MachineApp::new("edge", "secret of the edge").with_token_exchange();
    let provider = TestProvider::builder().client("app", "secret").machine_app(edge);
    let app = App::with(provider.start().await, |web| web);
    let verifier = app.logto.token_verifier().with_personal_access_tokens(options);
    let rules = |scope: &str| AccessTokenRules::resource(DEFAULT_RESOURCE).with_scope(scope);
    let show = async |claims: TokenClaims| format!("{} {}", claims.sub, claims.scope);
    let read = Router::new().route("/read", get(show));
    let write = Router::new().route("/write", get(show));
    let router = read
        .layer(verifier.require_token(rules("read:products")))
        .merge(write.layer(verifier.require_token(rules("write:products"))));
    app.map_router(|_| router)
}

async fn call(app: &App, path: &str, token: &str) -> Answer {
    let request = Request::get(path).header("authorization", format!("Bearer {token}"));
    app.send(request.body(Body::empty()).unwrap()).await
}

async fn status(app: &App, token: &str) -> u16 {
    call(app, "/read", token).await.status.as_u16()
}

fn exchanges(app: &App) -> usize {
    app.provider.requests(Endpoint::Token)
}

#[tokio::test]
async fn a_personal_access_token_is_exchanged_once_for_all_routes() {
    let app = api().await;
    let token = app.provider.personal_access_token("bob", "cli", None);
    for _ in 0..3 {
        let answer = call(&app, "/read", &token).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::OK, "usr_bob read:products")
        );
    }
    let narrow = call(&app, "/write", &token).await;
    assert_eq!(narrow.status, StatusCode::FORBIDDEN, "the rules of the route apply");
    assert_eq!(
        narrow.headers["www-authenticate"],
        r#"Bearer error="insufficient_scope""#
    );
    assert_eq!(exchanges(&app), 1);
    app.provider.clock().advance(3600);
    assert_eq!(status(&app, &token).await, 200);
    assert_eq!(exchanges(&app), 2, "exchanged again after the expiry");
}

#[tokio::test]
async fn concurrent_requests_share_one_exchange() {
    let app = api().await;
    let token = app.provider.personal_access_token("bob", "cli", None);
    let held = app.provider.hold(Endpoint::Token);
    let release = async {
        app.provider.wait_for_requests(Endpoint::Token, 1).await;
        held.release();
    };
    let (one, two, ()) = tokio::join!(status(&app, &token), status(&app, &token), release);
    assert_eq!((one, two, exchanges(&app)), (200, 200, 1));
}

#[tokio::test]
async fn other_bearer_tokens_cost_no_exchange() {
    let app = api().await;
    let jwt = app
        .provider
        .access_token("bob", DEFAULT_RESOURCE, &["read:products"], |_| {});
    assert_eq!(status(&app, &jwt).await, 200);
    let long = format!("pat_{}", "a".repeat(1000));
    for hopeless in [
        "nonsense",
        "PAT_a",
        "pat_",
        "pat_a%20b",
        "pat_a&scope=all",
        "pat_a.b.c",
        long.as_str(),
    ] {
        let answer = call(&app, "/read", hopeless).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{hopeless}");
        assert_eq!(answer.headers["www-authenticate"], r#"Bearer error="invalid_token""#);
    }
    assert_eq!(exchanges(&app), 0);
}

#[tokio::test]
async fn without_the_option_a_personal_access_token_is_an_invalid_token() {
    let app = App::start().await;
    let token = app.provider.personal_access_token("bob", "cli", None);
    assert_eq!(call(&app, "/api", &token).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(exchanges(&app), 0);
}

#[tokio::test]
async fn an_expired_or_unknown_token_is_not_sent_to_logto_again_for_a_minute() {
    let app = api().await;
    let expired = app.provider.personal_access_token("bob", "short", Some(60));
    app.provider.clock().advance(60);
    for token in [expired.as_str(), "pat_unknown"] {
        let before = exchanges(&app);
        for _ in 0..3 {
            assert_eq!(status(&app, token).await, 401, "{token}");
        }
        assert_eq!(exchanges(&app), before + 1);
        app.provider.clock().advance(59);
        assert_eq!((status(&app, token).await, exchanges(&app)), (401, before + 1));
        app.provider.clock().advance(1);
        assert_eq!((status(&app, token).await, exchanges(&app)), (401, before + 2));
    }
}

#[tokio::test]
async fn a_deleted_token_works_until_the_exchanged_one_expires_or_is_too_old() {
    for (options, limit) in [
        (options(), 3600),
        (options().with_max_age(Duration::from_secs(300)), 300),
    ] {
        let app = api_with(options).await;
        let token = app.provider.personal_access_token("bob", "cli", None);
        assert_eq!(status(&app, &token).await, 200);
        app.provider.delete_personal_access_token("bob", "cli");
        app.provider.clock().advance(limit - 1);
        assert_eq!(status(&app, &token).await, 200);
        app.provider.clock().advance(1);
        assert_eq!(status(&app, &token).await, 401, "{limit}");
    }
}

#[tokio::test]
async fn a_flood_of_random_tokens_does_not_flood_logto() {
    let (logs, _capture) = CapturedLogs::of_this_thread();
    let app = api_with(options().with_max_failures(10)).await;
    let known = app.provider.personal_access_token("ada", "known", None);
    let new = app.provider.personal_access_token("bob", "new", None);
    assert_eq!(status(&app, &known).await, 200);
    for number in 0..10 {
        assert_eq!(status(&app, &format!("pat_random{number}")).await, 401);
    }
    for number in 10..60 {
        let answer = call(&app, "/read", &format!("pat_random{number}")).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers["retry-after"], "60");
    }
    assert_eq!(exchanges(&app), 11);
    assert_eq!(status(&app, &known).await, 200, "a cached token works");
    assert_eq!(status(&app, "pat_random3").await, 401, "a rejected one stays rejected");
    assert_eq!(status(&app, &new).await, 503);
    app.provider.clock().advance(60);
    assert_eq!(status(&app, &new).await, 200);
    let log = logs.text();
    assert_eq!(log.matches("too_many_exchanges").count(), 1, "{log}");
    assert!(!log.contains("pat_") && !log.contains(&new), "{log}");
}

#[tokio::test]
async fn a_flood_does_not_lock_out_the_owner_of_a_token_that_was_exchanged_before() {
    let app = api_with(options().with_max_failures(3).with_max_age(Duration::from_secs(30))).await;
    let known = app.provider.personal_access_token("ada", "known", None);
    assert_eq!(status(&app, &known).await, 200);
    app.provider.clock().advance(31);
    for (number, expected) in [401, 401, 401, 503].into_iter().enumerate() {
        assert_eq!(status(&app, &format!("pat_random{number}")).await, expected);
    }
    assert_eq!(status(&app, &known).await, 200);
    assert_eq!(exchanges(&app), 5);
}

#[tokio::test]
async fn a_burst_cannot_exceed_the_limit() {
    let app = api_with(options().with_max_failures(3)).await;
    let held = app.provider.hold(Endpoint::Token);
    let release = async {
        app.provider.wait_for_requests(Endpoint::Token, 3).await;
        held.release();
    };
    let tokens: Vec<_> = (0..20).map(|number| format!("pat_random{number}")).collect();
    let calls = futures_util::future::join_all(tokens.iter().map(|token| status(&app, token)));
    let (statuses, ()) = tokio::join!(calls, release);
    assert_eq!(statuses.iter().filter(|&&status| status == 401).count(), 3);
    assert_eq!(statuses.iter().filter(|&&status| status == 503).count(), 17);
    assert_eq!(exchanges(&app), 3);
}

#[tokio::test]
async fn successful_exchanges_do_not_count_as_failures() {
    let app = api_with(options().with_max_failures(1)).await;
    for number in 0..5 {
        let token = app
            .provider
            .personal_access_token("bob", &format!("cli {number}"), None);
        assert_eq!(status(&app, &token).await, 200);
    }
}

#[tokio::test]
async fn an_exchanged_token_of_another_issuer_never_reaches_the_handler() {
    let app = api().await;
    let other = TestProvider::start().await;
    let foreign = other.access_token("bob", DEFAULT_RESOURCE, &["read:products"], |_| {});
    let other_api = app
        .provider
        .access_token("bob", "https://other.example.com", &["read:products"], |_| {});
    let unsigned = app
        .provider
        .access_token("bob", DEFAULT_RESOURCE, &["read:products"], Jwt::unsign);
    let id_token = app.provider.id_token("bob", None, &["openid"]);
    for (name, wrong) in [
        ("a", foreign),
        ("b", other_api),
        ("c", unsigned),
        ("d", id_token),
        ("e", "opaque".to_owned()),
    ] {
        app.provider.fault_once(TokenFault::response(move |response| {
            response.insert("access_token".to_owned(), wrong.clone().into());
        }));
        let token = app.provider.personal_access_token("bob", name, None);
        let answer = call(&app, "/read", &token).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::UNAUTHORIZED, ""),
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_outage_is_503_and_a_wrong_configuration_500_which_the_log_explains() {
    let (logs, _capture) = CapturedLogs::of_this_thread();
    let app = api().await;
    let token = app.provider.personal_access_token("bob", "cli", None);
    app.provider
        .fault_once(HttpFault::RetryAfter(503, "90").at(Endpoint::Token));
    let answer = call(&app, "/read", &token).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers["retry-after"], "90");
    assert_eq!(status(&app, &token).await, 200, "an outage rejects no token");

    let wrong = PersonalAccessTokens::new("app", "secret", TokenTarget::resource(DEFAULT_RESOURCE));
    let app = api_with(wrong).await;
    let token = app.provider.personal_access_token("bob", "cli", None);
    assert_eq!(status(&app, &token).await, 500);
    let log = logs.text();
    assert!(
        log.contains("grant_not_allowed") && log.contains("Allow token exchange"),
        "{log}"
    );
    assert!(!log.contains(&token), "{log}");
}

#[tokio::test]
async fn a_member_of_no_organization_gets_no_token_for_it() {
    let target = TokenTarget::resource(DEFAULT_RESOURCE).in_organization("acme");
    let options = PersonalAccessTokens::new("edge", "secret of the edge", target).with_scopes(["read:products"]);
    let app = api_with(options).await;
    let token = app.provider.personal_access_token("bob", "cli", None);
    for _ in 0..2 {
        assert_eq!(status(&app, &token).await, 401);
    }
    assert_eq!(exchanges(&app), 1);
}
