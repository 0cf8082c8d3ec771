//! Cookies that another host of the domain has set. Browsers do not let it use the prefix
//! `__Host-`, but they compare the name byte by byte, so it can use a lookalike.

use axum::body::Body;
use http::{HeaderValue, Request, header};
use logto_testing::TestProvider;

use crate::app::{Answer, App};

const ORIGIN: &str = "https://app.example";
const DISGUISES: [&str; 4] = ["%5F%5FHost-", "__Host%2D", "\u{a0}__Host-", "\u{2003}__Host-"];

async fn app() -> App {
    let provider = TestProvider::builder()
        .client("app", "secret")
        .redirect_uri("https://app.example/callback")
        .start()
        .await;
    App::with(provider, |web| web.with_base_url(ORIGIN))
}

async fn get(app: &App, path: &str, cookies: &str) -> Answer {
    let cookies = HeaderValue::from_bytes(cookies.as_bytes()).unwrap();
    let request = Request::get(path).header(header::COOKIE, cookies);
    app.send(request.body(Body::empty()).unwrap()).await
}

/// Signs in at the provider; returns the callback path and the transaction cookie.
async fn up_to_the_callback(app: &App, user: &str) -> (String, String) {
    app.provider.sign_in_as(user);
    let form = Request::post("/sign-in").header(header::ORIGIN, ORIGIN);
    let form = form.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = app.send(form.body(Body::empty()).unwrap()).await;
    let callback = app.provider.authorize(&answer.location()).await;
    (
        callback.strip_prefix(ORIGIN).unwrap().to_owned(),
        pair(&answer, "__Host-logto_tx_"),
    )
}

async fn session(app: &App, user: &str) -> String {
    let (callback, transaction) = up_to_the_callback(app, user).await;
    pair(&get(app, &callback, &transaction).await, "__Host-logto_app=")
}

/// Name and value of the cookie whose name starts with `start`.
fn pair(answer: &Answer, start: &str) -> String {
    let cookie = answer.cookies.iter().find(|cookie| cookie.starts_with(start));
    cookie.unwrap().split(';').next().unwrap().to_owned()
}

fn planted(cookie: &str, disguise: &str) -> String {
    cookie.replacen("__Host-", disguise, 1)
}

#[tokio::test]
async fn rejects_a_session_under_a_lookalike_cookie_name() {
    let app = app().await;
    let (own, foreign) = (session(&app, "ada").await, session(&app, "bob").await);
    assert_eq!(get(&app, "/", &foreign).await.body, "active");
    let claims = get(&app, "/claims", &own).await.body;
    for disguise in DISGUISES {
        let planted = planted(&foreign, disguise);
        assert_eq!(get(&app, "/", &planted).await.body, "anonymous", "{disguise}");
        for both in [format!("{own}; {planted}"), format!("{planted}; {own}")] {
            assert_eq!(get(&app, "/claims", &both).await.body, claims, "{disguise}");
        }
    }
}

#[tokio::test]
async fn rejects_a_transaction_under_a_lookalike_cookie_name() {
    let app = app().await;
    for disguise in DISGUISES {
        let (callback, transaction) = up_to_the_callback(&app, "bob").await;
        let answer = get(&app, &callback, &planted(&transaction, disguise)).await;
        assert_eq!(
            answer.location(),
            format!("{ORIGIN}/failed?code=transaction_missing"),
            "{disguise}"
        );
    }
}
