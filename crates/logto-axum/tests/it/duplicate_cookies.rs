//! Several cookies of one name in a request. Browsers send them if their paths differ, or if
//! another host of the domain has set one.

use std::sync::Arc;

use axum::body::Body;
use http::{Request, header};
use logto::{
    LogoutTarget,
    session::{DenyList, Lifetimes, store::MemoryStore},
};

use crate::{
    app::{Answer, App, BASE, Browser, SESSION},
    large_sessions::{app_with_large_user, get_token},
};

const GARBAGE: [&str; 5] = [
    "",
    "x",
    "2~x",
    "AAAA",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
];

async fn get(app: &App, path: &str, cookies: &[String]) -> Answer {
    let request = Request::get(path).header(header::COOKIE, cookies.join("; "));
    app.send(request.body(Body::empty()).unwrap()).await
}

fn form(path: &str, cookies: &[String]) -> Request<Body> {
    Request::post(path)
        .header(header::ORIGIN, BASE)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookies.join("; "))
        .body(Body::empty())
        .unwrap()
}

fn pairs(browser: &Browser<'_>) -> Vec<String> {
    let cookies = browser.cookies.borrow();
    cookies.iter().map(|(name, value)| format!("{name}={value}")).collect()
}

/// The cookies with another one before and after them.
fn with(cookies: &[String], another: &str) -> [Vec<String>; 2] {
    let another = [another.to_owned()];
    [[&another, cookies].concat(), [cookies, &another].concat()]
}

#[tokio::test]
async fn an_invalid_duplicate_does_not_end_the_session() {
    let app = App::start().await;
    let cookies = pairs(&app.signed_in("ada").await);
    let expired = cookies.clone();
    app.provider.clock().advance(15 * 24 * 3600);
    let cookies = pairs(&app.signed_in("ada").await);
    let invalid = GARBAGE.map(|value| format!("{SESSION}={value}"));
    for invalid in invalid.iter().chain(&expired) {
        for sent in with(&cookies, invalid) {
            let answer = get(&app, "/", &sent).await;
            assert_eq!(answer.body, "active", "{sent:?}");
            assert!(answer.cookies.is_empty(), "{:?}", answer.cookies);
        }
    }
}

#[tokio::test]
async fn an_invalid_duplicate_part_does_not_end_a_large_session() {
    let (app, targets) = app_with_large_user(|web| web.with_cookie_budget(7_000)).await;
    let browser = app.signed_in("heavy").await;
    for target in &targets {
        get_token(&browser, target).await;
    }
    let cookies = pairs(&browser);
    assert!(cookies.len() > 1);
    for number in ["", ".1", ".2"] {
        for value in GARBAGE {
            for sent in with(&cookies, &format!("{SESSION}{number}={value}")) {
                assert_eq!(get(&app, "/", &sent).await.body, "active", "{number} {value}");
            }
        }
    }
}

#[tokio::test]
async fn the_newest_of_several_sessions_is_used() {
    let app = App::start().await;
    let mut cookies = Vec::new();
    for user in ["ada", "bob"] {
        cookies.extend(pairs(&app.signed_in(user).await));
        app.provider.clock().advance(1);
    }
    assert_eq!(get(&app, "/me", &cookies).await.body, "usr_bob");
    cookies.reverse();
    assert_eq!(get(&app, "/me", &cookies).await.body, "usr_bob");
}

/// Starts sign-ins, and calls `act` with the callback of each and with the cookies of the request.
/// An invalid cookie of the same name stands before or after the transaction cookie.
async fn with_duplicate_transactions(app: &App, act: impl AsyncFn(Browser<'_>, &str, &[String])) {
    for value in GARBAGE {
        for position in 0..2 {
            app.provider.sign_in_as("ada");
            let browser = app.browser();
            let callback = browser.go_to_provider("/me").await;
            let cookies = pairs(&browser);
            let (name, _) = cookies[0].split_once('=').unwrap();
            let sent = &with(&cookies, &format!("{name}={value}"))[position];
            act(browser, &callback, sent).await;
        }
    }
}

#[tokio::test]
async fn an_invalid_duplicate_of_a_transaction_does_not_stop_the_sign_in() {
    let app = App::start().await;
    with_duplicate_transactions(&app, async |_, callback, sent| {
        let answer = get(&app, callback, sent).await;
        assert_eq!(answer.location(), format!("{BASE}/me"), "{sent:?}");
    })
    .await;
}

#[tokio::test]
async fn an_invalid_duplicate_of_a_transaction_does_not_let_the_next_sign_in_remove_it() {
    let app = App::start().await;
    with_duplicate_transactions(&app, async |browser, callback, sent| {
        browser.keep_cookies(&app.send(form("/sign-in", sent)).await);
        assert_eq!(browser.transactions(), 2, "{sent:?}");
        let answer = browser.get(callback).await;
        assert_eq!(answer.location(), format!("{BASE}/me"), "{sent:?}");
    })
    .await;
}

#[tokio::test]
async fn an_invalid_duplicate_does_not_end_a_stored_session() {
    let app = App::configured(|web| web.with_store(MemoryStore::default())).await;
    let cookies = pairs(&app.signed_in("ada").await);
    for value in GARBAGE {
        for sent in with(&cookies, &format!("{SESSION}={value}")) {
            let answer = get(&app, "/", &sent).await;
            assert_eq!((answer.body.as_str(), answer.cookies.len()), ("active", 0), "{sent:?}");
        }
    }
}

/// An app with sessions in cookies, and one with a store.
async fn cookie_and_store_apps() -> [App; 2] {
    let in_store = App::configured(|web| web.with_store(MemoryStore::default()));
    [App::start().await, in_store.await]
}

/// The cookies of two sign-ins, the older one first.
async fn two_sessions(app: &App) -> Vec<String> {
    let mut cookies = pairs(&app.signed_in("ada").await);
    app.provider.clock().advance(1);
    cookies.extend(pairs(&app.signed_in("bob").await));
    cookies
}

#[tokio::test]
async fn a_sign_out_ends_every_session_in_the_request() {
    for app in cookie_and_store_apps().await {
        let cookies = two_sessions(&app).await;
        assert_eq!(get(&app, "/me", &cookies).await.body, "usr_bob");
        app.send(form("/sign-out", &cookies)).await;
        for cookie in &cookies {
            assert_eq!(get(&app, "/", std::slice::from_ref(cookie)).await.body, "anonymous");
        }
    }
}

#[tokio::test]
async fn a_sign_in_ends_every_session_in_the_request() {
    for app in cookie_and_store_apps().await {
        let cookies = two_sessions(&app).await;
        app.provider.sign_in_as("ada");
        let browser = app.browser();
        let callback = browser.go_to_provider("/").await;
        let sent = [cookies.clone(), pairs(&browser)].concat();
        let answer = get(&app, &callback, &sent).await;
        browser.keep_cookies(&answer);
        for cookie in &cookies {
            assert_eq!(get(&app, "/", std::slice::from_ref(cookie)).await.body, "anonymous");
        }
        let both = [cookies, pairs(&browser)].concat();
        assert_eq!(get(&app, "/me", &both).await.body, "usr_ada");
    }
}

#[tokio::test]
async fn the_newest_session_that_was_not_denied_is_used() {
    let store = Arc::new(MemoryStore::default());
    let app = App::configured(|web| web.with_shared_deny_list(store.clone())).await;
    let cookies = two_sessions(&app).await;
    let list = DenyList::new(app.logto.client().clone(), store, Lifetimes::default());
    list.deny(&LogoutTarget::User("usr_bob".into())).await.unwrap();
    let answer = get(&app, "/me", &cookies).await;
    assert_eq!(answer.body, "usr_ada");
    assert!(answer.cookies.is_empty(), "{:?}", answer.cookies);
    list.deny(&LogoutTarget::User("usr_ada".into())).await.unwrap();
    let answer = get(&app, "/", &cookies).await;
    assert_eq!(answer.body, "anonymous");
    assert!(!answer.cookies.is_empty(), "the cookies of ended sessions are removed");
}

#[tokio::test]
async fn the_newest_session_that_is_still_in_the_store_is_used() {
    let [_, app] = cookie_and_store_apps().await;
    let cookies = two_sessions(&app).await;
    app.send(form("/sign-out", &cookies[1..])).await;
    let answer = get(&app, "/me", &cookies).await;
    assert_eq!((answer.body.as_str(), answer.cookies.len()), ("usr_ada", 0));
    app.send(form("/sign-out", &cookies)).await;
    let answer = get(&app, "/", &cookies).await;
    assert_eq!(answer.body, "anonymous");
    assert!(!answer.cookies.is_empty(), "the cookies of ended sessions are removed");
}

#[tokio::test]
async fn removing_an_ended_session_keeps_a_cookie_with_an_unknown_key() {
    let app = App::start().await;
    let other = app.second_instance(|web| {
        web.with_cookie_secrets(["another secret of thirty-two bytes, not in the manual".into()])
    });
    let cookies = [pairs(&app.signed_in("ada").await), pairs(&other.signed_in("bob").await)].concat();
    app.send(form("/sign-out", &cookies[..1])).await;
    let answer = get(&app, "/", &cookies).await;
    assert_eq!((answer.body.as_str(), answer.cookies.len()), ("anonymous", 0));
    assert_eq!(get(&other, "/me", &cookies).await.body, "usr_bob");
}
