//! Tests of `with_logto`.

use axum::{
    Router,
    body::Body,
    routing::{any, get},
};
use http::{Request, StatusCode, header};
use logto_leptos::{AuthSession, RouterExt as _};
use logto_testing::{Endpoint, TestProvider};
use tower::ServiceExt as _;

use crate::app::{BASE, provider_and_logto};

#[tokio::test]
async fn one_call_adds_routes_session_server_functions_and_self_check() {
    let (provider, logto) = provider_and_logto(TestProvider::builder()).await;
    let app: Router = Router::new()
        .route(
            "/",
            get(|session: AuthSession| async move { format!("{:?}", session.state().await) }),
        )
        .route("/api/{*path}", any(leptos_axum::handle_server_fns))
        .with_logto(&logto);
    provider.wait_for_requests(Endpoint::Discovery, 1).await;
    let send = async |request: http::request::Builder| {
        let request = request.body(Body::empty()).unwrap();
        app.clone().oneshot(request).await.unwrap()
    };
    assert_eq!(send(Request::get("/")).await.status(), StatusCode::OK);
    let sign_in = Request::post("/sign-in")
        .header(header::ORIGIN, BASE)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let location = send(sign_in).await.headers()[header::LOCATION].clone();
    assert!(
        location.to_str().unwrap().starts_with(provider.endpoint()),
        "{location:?}"
    );
    let cross_site = Request::get("/api/test/delete").header("sec-fetch-site", "cross-site");
    assert_eq!(send(cross_site).await.status(), StatusCode::FORBIDDEN);
}

#[test]
fn a_router_can_be_built_before_the_runtime_starts() {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let serving = runtime.enable_all().build().unwrap();
    let (provider, logto) = serving.block_on(provider_and_logto(TestProvider::builder()));
    let app: Router = Router::new().with_logto(&logto);
    assert_eq!(provider.requests(Endpoint::Discovery), 0);
    serving.block_on(async {
        let request = Request::get("/").body(Body::empty()).unwrap();
        app.oneshot(request).await.unwrap();
        provider.wait_for_requests(Endpoint::Discovery, 1).await;
    });
}
