//! Sign-in and its callback.

use http::StatusCode;
use logto_testing::{CallbackFault, Endpoint, IdTokenFault, TestProvider};

use crate::{
    app::{App, BASE, Browser, SESSION},
    faulty_store::FaultyStore,
    sign_out::two_instances,
};

#[tokio::test]
async fn a_form_signs_in_and_redirects_to_its_return_path() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let answer = browser.sign_in("/page%3Ftab%3D1").await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, format!("{BASE}/page?tab=1"))
    );
    assert_eq!(browser.get("/").await.body, "active");
    assert_eq!(browser.get("/me").await.body, app.provider.user("ada").id);
}

#[tokio::test]
async fn neither_code_nor_state_is_in_the_address_after_sign_in() {
    let app = App::start().await;
    let browser = app.browser();
    app.provider.sign_in_as("ada");
    let answer = browser.sign_in("/").await;
    assert_eq!(answer.location(), format!("{BASE}/"));
    assert_eq!(answer.headers["referrer-policy"], "no-referrer");
}

#[tokio::test]
async fn the_callback_removes_its_transaction_after_success_and_failure() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    for fault in [None, Some(IdTokenFault::NonceWrong), Some(IdTokenFault::AzpOther)] {
        let browser = app.browser();
        if let Some(fault) = fault {
            app.provider.fault_once(fault);
        }
        let callback = browser.go_to_provider("/").await;
        assert_eq!(browser.transactions(), 1);
        browser.get(&callback).await;
        assert_eq!(browser.transactions(), 0);
    }
}

#[tokio::test]
async fn rejects_a_replayed_callback() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = browser.go_to_provider("/").await;
    browser.get(&callback).await;
    browser.cookies.borrow_mut().remove(SESSION);
    let answer = browser.get(&callback).await;
    assert_eq!(answer.location(), format!("{BASE}/failed?code=transaction_missing"));
    assert!(!browser.has(SESSION));
}

/// Signs in. Returns the callback, and a browser with a copy of the cookies from before it.
pub(crate) async fn finished_sign_in(app: &App) -> (String, Browser<'_>) {
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = browser.go_to_provider("/").await;
    let copy = app.browser_with(browser.cookies.borrow().clone());
    browser.get(&callback).await;
    (callback, copy)
}

#[tokio::test]
async fn rejects_a_replayed_callback_with_a_copied_transaction() {
    let app = App::start().await;
    let (callback, thief) = finished_sign_in(&app).await;
    let answer = thief.get(&callback).await;
    assert_eq!(answer.location(), format!("{BASE}/failed?code=transaction_missing"));
    assert!(!thief.has(SESSION));
    assert_eq!(
        app.provider.requests(Endpoint::Token),
        1,
        "the code is not sent again, because the provider would revoke the tokens"
    );
}

/// With a shared store, and with a shared deny list.
#[tokio::test]
async fn rejects_a_callback_that_another_instance_is_finishing() {
    for (app, other) in two_instances().await {
        assert_one_instance_finishes(&app, &other).await;
    }
}

pub(crate) async fn assert_one_instance_finishes(app: &App, other: &App) {
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = browser.go_to_provider("/").await;
    let again = other.browser_with(browser.cookies.borrow().clone());
    let gate = app.provider.hold(Endpoint::Token);
    let meanwhile = async {
        app.provider.wait_for_requests(Endpoint::Token, 1).await;
        let answer = again.get(&callback).await;
        assert_eq!(answer.location(), format!("{BASE}/failed?code=transaction_missing"));
        gate.release();
    };
    tokio::join!(browser.get(&callback), meanwhile);
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
    assert!(!again.has(SESSION));
    assert_eq!(again.transactions(), 0);
}

#[tokio::test]
async fn a_sign_in_finishes_while_the_deny_list_is_down() {
    let list = FaultyStore::default();
    let app = App::configured(|web| web.with_deny_list(list.clone())).await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = browser.go_to_provider("/page").await;
    list.set_down(true);
    assert_eq!(browser.get(&callback).await.location(), format!("{BASE}/page"));
    list.set_down(false);
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn opening_a_finished_callback_again_redirects_to_the_original_page() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = browser.go_to_provider("/page").await;
    let pending = browser.cookies.borrow().clone();
    browser.get(&callback).await;
    browser.cookies.borrow_mut().extend(pending);
    assert_eq!(browser.get(&callback).await.location(), format!("{BASE}/page"));
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
    assert_eq!(browser.transactions(), 0);
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn an_expired_callback_redirects_a_signed_in_user_to_the_original_page() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let late = browser.go_to_provider("/page").await;
    app.provider.clock().advance(3600);
    browser.sign_in("/").await;
    assert_eq!(browser.get(&late).await.location(), format!("{BASE}/page"));
    assert_eq!(browser.transactions(), 0);
}

#[tokio::test]
async fn a_callback_without_a_transaction_redirects_a_signed_in_user_home() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let answer = browser.get("/callback?code=x&state=y").await;
    assert_eq!(answer.location(), format!("{BASE}/"));
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn two_tabs_can_sign_in_concurrently_in_either_order() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    for last_first in [false, true] {
        let browser = app.browser();
        let mut callbacks = vec![
            browser.go_to_provider("/?tab=1").await,
            browser.go_to_provider("/?tab=2").await,
        ];
        assert_eq!(browser.transactions(), 2);
        if last_first {
            callbacks.reverse();
        }
        for callback in callbacks {
            assert!(!browser.get(&callback).await.location().contains("failed"));
            assert_eq!(browser.get("/").await.body, "active");
        }
        assert_eq!(browser.transactions(), 0);
    }
}

#[tokio::test]
async fn only_the_newest_five_pending_sign_ins_are_kept() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let mut callbacks = Vec::new();
    for _ in 0..8 {
        callbacks.push(browser.go_to_provider("/").await);
        app.provider.clock().advance(1);
    }
    assert_eq!(browser.transactions(), 5);
    assert_eq!(
        browser.get(&callbacks[2]).await.location(),
        format!("{BASE}/failed?code=transaction_missing")
    );
    assert_eq!(browser.get(&callbacks[3]).await.location(), format!("{BASE}/"));
}

#[tokio::test]
async fn pending_sign_ins_take_at_most_3_kilobytes_and_the_oldest_are_evicted() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let long = format!("/{}", "a".repeat(600));
    let mut callbacks = Vec::new();
    for _ in 0..4 {
        callbacks.push(browser.go_to_provider(&long).await);
        app.provider.clock().advance(1);
        let cookies = browser.cookies.borrow();
        let bytes: usize = cookies.iter().map(|(name, value)| name.len() + value.len() + 3).sum();
        assert!(bytes <= 3_000, "{bytes}");
    }
    assert_eq!(browser.transactions(), 2);
    assert!(
        browser
            .get(&callbacks[1])
            .await
            .location()
            .ends_with("transaction_missing")
    );
    for callback in &callbacks[2..] {
        assert_eq!(browser.get(callback).await.location(), format!("{BASE}{long}"));
    }
}

#[tokio::test]
async fn pending_sign_ins_of_another_app_on_the_same_host_are_kept() {
    let app = App::start().await;
    let other = App::with(TestProvider::builder().client("other", "secret").start().await, |web| {
        web
    });
    let browser = other.browser();
    browser.go_to_provider("/").await;
    let of_other = browser.cookies.borrow().clone();
    let browser = app.browser();
    *browser.cookies.borrow_mut() = of_other;
    for _ in 0..6 {
        browser.go_to_provider("/").await;
    }
    assert_eq!(browser.transactions(), 6, "five of this app and one of the other");
}

#[tokio::test]
async fn rejects_a_callback_in_another_browser() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    let callback = app.browser().go_to_provider("/").await;
    let other = app.browser();
    other.go_to_provider("/").await;
    let answer = other.get(&callback).await;
    assert_eq!(answer.location(), format!("{BASE}/failed?code=transaction_missing"));
    assert!(!other.has(SESSION));
}

#[tokio::test]
async fn a_cancelled_sign_in_redirects_with_a_code_and_without_the_text_of_the_provider() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    app.provider.fault_once(CallbackFault::error("access_denied"));
    let browser = app.browser();
    let answer = browser.sign_in("/").await;
    assert_eq!(answer.location(), format!("{BASE}/failed?code=access_denied"));
    assert_eq!(browser.transactions(), 0);
}

#[tokio::test]
async fn without_an_error_path_failures_get_a_plain_page_with_a_fitting_status() {
    let app = App::configured(|web| web.with_paths(logto_axum::Paths::default())).await;
    let failed = app.browser().get("/callback?error=%3Cscript%3E&state=x").await;
    assert_eq!(failed.location(), format!("{BASE}/callback?failed=transaction_missing"));
    let answer = app.browser().get("/callback?failed=transaction_missing").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.body.contains("transaction_missing") && answer.body.contains("Start again"),
        "{}",
        answer.body
    );
    let foreign = app.browser().get("/callback?failed=%3Cscript%3E").await;
    assert!(foreign.body.contains("unknown_error") && !foreign.body.contains("<script>"));
    assert_eq!(answer.headers["cache-control"], "private, no-store");
}

#[tokio::test]
async fn a_return_path_to_another_site_is_not_followed() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    for bad in [
        "https://evil.example",
        "//evil.example",
        "/%5Cevil.example",
        "/%09/evil.example",
    ] {
        let browser = app.browser();
        let location = browser.sign_in(bad).await.location();
        assert!(
            location == format!("{BASE}/") || location.starts_with(&format!("{BASE}/%")),
            "{bad} -> {location}"
        );
    }
}

#[tokio::test]
async fn form_options_reach_the_provider_and_invalid_values_are_rejected() {
    let app = App::start().await;
    let browser = app.browser();
    let form = "first_screen=register&login_hint=ada%40example.com&direct_sign_in=social%3Agithub&ui_locales=de-CH+en&prompt=login";
    let url = browser.post("/sign-in", form).await.location();
    for part in [
        "first_screen=register",
        "login_hint=ada%40example.com",
        "direct_sign_in=social%3Agithub",
        "ui_locales=de-CH+en",
        "prompt=login",
    ] {
        assert!(url.contains(part), "{part} in {url}");
    }
    for bad in [
        "first_screen=nonsense",
        "direct_sign_in=github",
        "prompt=maybe",
        "ui_locales=en_US",
    ] {
        let answer = browser.post("/sign-in", bad).await;
        assert_eq!(
            answer.location(),
            format!("{BASE}/failed?code=invalid_parameter"),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn a_form_cannot_choose_the_redirect_uri() {
    let app = App::start().await;
    let url = app
        .browser()
        .post("/sign-in", "redirect_uri=https%3A%2F%2Fevil.example&extra=x")
        .await
        .location();
    assert!(
        url.contains("redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback"),
        "{url}"
    );
    assert!(!url.contains("evil"), "{url}");
}

#[tokio::test]
async fn a_sign_in_redirects_with_a_code_while_the_provider_is_unavailable() {
    let app = App::start().await;
    app.provider
        .fault(logto_testing::HttpFault::Status(503).at(logto_testing::Endpoint::Discovery));
    let answer = app.browser().post("/sign-in", "").await;
    assert_eq!(answer.location(), format!("{BASE}/failed?code=provider_unavailable"));
}

#[tokio::test]
async fn the_sign_in_and_callback_paths_can_be_changed() {
    let app = App::with(TestProvider::start().await, |config| {
        let paths = logto_axum::Paths::default();
        let paths = paths.with_sign_in("/auth/begin").with_callback("/auth/back");
        config.with_paths(paths.with_error("/failed"))
    });
    let browser = app.browser();
    let location = browser.post("/auth/begin", "return_to=/").await.location();
    assert!(
        location.contains("redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fauth%2Fback&"),
        "{location}"
    );
    let answer = browser.get("/auth/back?error=access_denied").await;
    assert_eq!(answer.location(), format!("{BASE}/failed?code=transaction_missing"));
    assert_eq!(browser.get("/callback").await.status, StatusCode::NOT_FOUND);
}
