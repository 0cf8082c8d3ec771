//! The identity of a user comes from the sealed session alone, and is checked by the extractor.

use axum::body::Body;
use http::{Request, StatusCode};

use crate::app::App;

#[tokio::test]
async fn identity_does_not_come_from_request_headers() {
    let app = App::start().await;
    let ada = app.provider.user("ada").id;
    let access_token = format!(
        "Bearer {}",
        app.provider
            .access_token("ada", logto_testing::DEFAULT_RESOURCE, &["read:products"], |_| {})
    );
    for (name, value) in [
        ("x-logto-session", ada.as_str()),
        ("x-user", &ada),
        ("x-forwarded-user", &ada),
        ("x-auth-request-user", &ada),
        ("remote-user", &ada),
        ("authorization", &access_token),
        ("authorization", "Basic YWRhOmFkYQ=="),
    ] {
        let ask = async |path: &str| {
            let request = Request::get(path).header(name, value);
            app.send(request.body(Body::empty()).unwrap()).await
        };
        assert_eq!(ask("/").await.body, "anonymous", "{name}");
        assert_ne!(ask("/me").await.status, StatusCode::OK, "{name}");
    }
}

/// No check by path runs before the routes, so there is none to bypass.
#[tokio::test]
async fn unusual_paths_and_headers_do_not_bypass_the_extractor() {
    let app = App::start().await;
    for path in [
        "/me",
        "//me",
        "/%6de",
        "/%6D%65",
        "/./me",
        "/x/../me",
        "/me/",
        "/ME",
        "/me%2f",
        "/me;/",
        "/me?x=/static",
    ] {
        for (name, value) in [
            ("x-middleware-subrequest", "middleware:middleware:middleware"),
            ("x-original-url", "/static"),
            ("x-rewrite-url", "/me"),
            ("x-forwarded-uri", "/me"),
            ("x-http-method-override", "HEAD"),
        ] {
            let request = Request::get(path).header(name, value);
            let answer = app.send(request.body(Body::empty()).unwrap()).await;
            assert_ne!(answer.status, StatusCode::OK, "{path} {name}: {}", answer.body);
        }
    }
    let ada = app.signed_in("ada").await;
    assert_eq!(ada.get("/me").await.body, app.provider.user("ada").id);
}
