//! The bearer-token extractor for APIs.

use axum::body::Body;
use http::{Request, StatusCode};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, HttpFault};

use crate::app::{Answer, App};

async fn call(app: &App, authorization: &[&str]) -> Answer {
    let mut request = Request::get("/api");
    for value in authorization {
        request = request.header("authorization", *value);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn accepts_a_token_with_the_required_scope() {
    let app = App::start().await;
    let token = app
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    let answer = call(&app, &[&format!("Bearer {token}")]).await;
    assert_eq!(
        (answer.status, answer.body),
        (StatusCode::OK, app.provider.user("ada").id)
    );
}

#[tokio::test]
async fn the_challenge_names_the_reason_of_the_rejection() {
    let app = App::start().await;
    let missing = call(&app, &[]).await;
    assert_eq!(
        (missing.status, &missing.headers["www-authenticate"]),
        (StatusCode::UNAUTHORIZED, &"Bearer".parse().unwrap())
    );
    let wrong = call(&app, &["Bearer nonsense"]).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.headers["www-authenticate"], r#"Bearer error="invalid_token""#);
    let token = app
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["write:products"], |_| {});
    let narrow = call(&app, &[&format!("Bearer {token}")]).await;
    assert_eq!(narrow.status, StatusCode::FORBIDDEN);
    assert_eq!(
        narrow.headers["www-authenticate"],
        r#"Bearer error="insufficient_scope""#
    );
}

#[tokio::test]
async fn rejects_two_authorization_headers() {
    let app = App::start().await;
    let token = format!(
        "Bearer {}",
        app.provider
            .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {})
    );
    assert_eq!(
        call(&app, &[&token, "Bearer other"]).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn the_api_responds_with_503_while_the_keys_are_unavailable() {
    let app = App::start().await;
    let token = app
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &["read:products"], |_| {});
    for (fault, expected) in [
        (HttpFault::Status(500), "5"),
        (HttpFault::RetryAfter(503, "90"), "90"),
        (HttpFault::RetryAfter(429, "1"), "1"),
    ] {
        app.provider.fault(fault.at(Endpoint::Jwks));
        let answer = call(&app, &[&format!("Bearer {token}")]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(
            answer.headers["retry-after"], expected,
            "`Retry-After` of the provider, or the default"
        );
        app.provider.clear_faults();
    }
    assert_eq!(call(&app, &[&format!("Bearer {token}")]).await.status, StatusCode::OK);
}
