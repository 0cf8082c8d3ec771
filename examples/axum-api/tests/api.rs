//! The API with tokens of a provider in the test's process.

#![allow(clippy::unwrap_used, reason = "a panic is how a test reports")]

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use example_axum_api::{ORDERS, router};
use http_body_util::BodyExt as _;
use logto_axum::{TokenVerifier, organization_urn};
use logto_testing::TestProvider;
use tower::ServiceExt as _;

/// The API and its provider.
struct Api {
    provider: TestProvider,
    verifier: TokenVerifier,
}

impl Api {
    async fn start() -> Self {
        let provider = TestProvider::start().await;
        let verifier = TokenVerifier::new(provider.endpoint()).unwrap();
        Self { provider, verifier }
    }

    /// A token of ada's for the API, in an organization if one is named.
    fn token(&self, organization: Option<&str>, scope: &str) -> String {
        self.provider.access_token("ada", ORDERS, &[scope], |jwt| {
            if let Some(id) = organization {
                jwt.claims.insert("organization_id".to_owned(), id.into());
            }
        })
    }

    async fn call(&self, method: Method, path: &str, token: Option<&str>) -> (StatusCode, String) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::from("a book")).unwrap();
        let response = router(&self.verifier).oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn get(&self, path: &str, token: &str) -> (StatusCode, String) {
        self.call(Method::GET, path, Some(token)).await
    }
}

#[tokio::test]
async fn a_token_opens_the_routes_of_its_permission() {
    let api = Api::start().await;
    let token = api.token(None, "read:orders");
    let (status, body) = api.get("/orders", &token).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "orders of usr_ada"));
    let (status, body) = api.call(Method::POST, "/orders", Some(&token)).await;
    assert_eq!((status, body.as_str()), (StatusCode::FORBIDDEN, ""));
    let token = api.token(None, "write:orders");
    let (status, body) = api.call(Method::POST, "/orders", Some(&token)).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "usr_ada ordered a book"));
}

#[tokio::test]
async fn a_token_of_an_organization_opens_its_data_alone() {
    let api = Api::start().await;
    let token = api.token(Some("acme"), "read:orders");
    let (status, body) = api.get("/shared-orders", &token).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "orders of organization acme"));
    assert_eq!(api.get("/orders", &token).await.0, StatusCode::UNAUTHORIZED);
    let personal = api.token(None, "read:orders");
    assert_eq!(api.get("/shared-orders", &personal).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_organization_token_shows_the_members() {
    let api = Api::start().await;
    let urn = organization_urn("acme");
    let token = api.provider.access_token("ada", &urn, &["read:members"], |_| {});
    let (status, body) = api.get("/members", &token).await;
    assert_eq!(
        (status, body.as_str()),
        (StatusCode::OK, "members of organization acme")
    );
    let token = api.provider.access_token("ada", &urn, &["write:members"], |_| {});
    assert_eq!(api.get("/members", &token).await.0, StatusCode::FORBIDDEN);
    let token = api.token(Some("acme"), "read:members");
    assert_eq!(api.get("/members", &token).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_request_without_a_valid_token_is_rejected() {
    let api = Api::start().await;
    for path in ["/orders", "/shared-orders", "/members"] {
        assert_eq!(
            api.call(Method::GET, path, None).await.0,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
        assert_eq!(api.get(path, "nonsense").await.0, StatusCode::UNAUTHORIZED, "{path}");
    }
}
