//! Time that the layer adds to a request, without a session and with one in a cookie. The session
//! comes from the unseal cache, as for any request but the first with that cookie.
#![allow(missing_docs, reason = "criterion's macros make items without documentation")]
#![allow(clippy::unwrap_used, reason = "a panic is how a benchmark reports")]

use axum::{Router, body::Body, response::Html, routing::get};
use criterion::{Criterion, criterion_group, criterion_main};
use http::{Request, Response, StatusCode, header};
use logto_axum::{Logto, LogtoConfig, RequireUser, WebConfig};
use logto_testing::{TestProvider, User};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

const BASE: &str = "http://localhost:3000";

fn measure(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let provider = runtime.block_on(provider());
    let logto = logto(&provider);
    let cookie = runtime.block_on(sign_in(&provider, &logto));
    let open = Router::new().route("/", get(|| async { Html("<p>Hello</p>") }));
    let for_users = Router::new().route("/", get(|_: RequireUser| async { Html("<p>Hello</p>") }));
    let cases = [
        ("request/no layer", open.clone(), ""),
        ("request/no layer, with cookie", open.clone(), &*cookie),
        ("request/no session", open.clone().layer(logto.layer()), ""),
        ("request/signed in", for_users.layer(logto.layer()), &cookie),
    ];
    for (name, app, cookie) in cases {
        criterion.bench_function(name, |bencher| {
            bencher.to_async(&runtime).iter(|| async {
                let response = app.clone().oneshot(page(cookie)).await.unwrap();
                assert_eq!(response.status(), StatusCode::OK);
            });
        });
    }
}

/// The request of a browser for a page.
fn page(cookie: &str) -> Request<Body> {
    let request = Request::get("/")
        .header(header::HOST, "localhost:3000")
        .header(header::ACCEPT, "text/html,application/xhtml+xml")
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    let request = match cookie {
        "" => request,
        cookie => request.header(header::COOKIE, cookie),
    };
    request.body(Body::empty()).unwrap()
}

async fn provider() -> TestProvider {
    let user = User::new("ada").with_name("Ada Lovelace").with_email("ada@example.com");
    TestProvider::builder().client("app", "secret").user(user).start().await
}

fn logto(provider: &TestProvider) -> Logto {
    let config = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret());
    Logto::new(
        config,
        WebConfig::new(BASE, ["only-for-the-benchmark-0123456789abcdef".into()]),
    )
    .unwrap()
}

/// The `Cookie` header after a sign-in.
async fn sign_in(provider: &TestProvider, logto: &Logto) -> String {
    let app: Router = logto.routes().layer(logto.layer());
    provider.sign_in_as("ada");
    let form = Request::post("/sign-in")
        .header(header::ORIGIN, BASE)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("return_to=/"));
    let start = app.clone().oneshot(form.unwrap()).await.unwrap();
    let location = start.headers()[header::LOCATION].to_str().unwrap();
    let callback = provider.authorize(location).await;
    let back = Request::get(callback.strip_prefix(BASE).unwrap()).header(header::COOKIE, cookies(&start));
    let end = app.oneshot(back.body(Body::empty()).unwrap()).await.unwrap();
    cookies(&end)
}

/// The cookies that a response sets, as the value of a `Cookie` header.
fn cookies(response: &Response<Body>) -> String {
    let set = response.headers().get_all(header::SET_COOKIE).iter();
    let pairs = set.filter_map(|value| value.to_str().ok()?.split(';').next());
    pairs.filter(|pair| !pair.ends_with('=')).collect::<Vec<_>>().join("; ")
}

criterion_group!(benches, measure);
criterion_main!(benches);
