//! Forced refreshes, and removal of cached tokens.

use std::sync::Arc;

use logto::session::store::{MemoryStore, SessionStore};
use logto_testing::{DEFAULT_RESOURCE, Endpoint};

use crate::{
    app::{App, Browser, SESSION},
    stores::provider,
};

fn in_acme() -> String {
    format!("/token-for?resource={DEFAULT_RESOURCE}&organization=acme")
}

fn set_role(app: &App, held: bool) {
    app.provider.update_user("ada", |user| {
        let permissions = &mut user.memberships[0].resource_permissions;
        permissions.clear();
        permissions.extend(held.then(|| (DEFAULT_RESOURCE.to_owned(), ["read:products".to_owned()].into())));
    });
}

async fn cached(browser: &Browser<'_>) -> String {
    browser.get(&in_acme()).await.body
}

async fn fresh(browser: &Browser<'_>) -> String {
    browser.get(&format!("{}&fresh", in_acme())).await.body
}

/// Two instances share a store. A role is granted at the provider; the cached token lacks it.
pub(crate) async fn assert_a_role_shows_on_both(app: &App, other: &App) {
    set_role(app, false);
    let browser = app.signed_in("ada").await;
    let at_other = other.browser_with(browser.cookies.borrow().clone());
    assert_eq!(cached(&browser).await, " refreshed");
    assert_eq!(cached(&at_other).await, " kept");

    set_role(app, true);
    for browser in [&browser, &at_other] {
        assert_eq!(cached(browser).await, " kept");
    }
    assert_eq!(fresh(&at_other).await, "read:products refreshed");
    for browser in [&browser, &at_other] {
        assert_eq!(cached(browser).await, "read:products kept");
    }

    // Removing the cached token has the same effect when the role is revoked.
    set_role(app, false);
    assert_eq!(browser.post("/clear?organization=acme", "").await.status, 200);
    assert_eq!(cached(&at_other).await, " refreshed");
    assert_eq!(cached(&browser).await, " kept");

    // After the reuse window of three seconds the provider would revoke the grant if a rotated
    // token had been used twice.
    app.provider.clock().advance(10);
    for browser in [&browser, &at_other] {
        assert_eq!(fresh(browser).await, " refreshed");
    }
}

#[tokio::test]
async fn a_granted_role_shows_in_fresh_tokens_of_both_instances_on_one_store() {
    let store: Arc<dyn SessionStore> = Arc::new(MemoryStore::default());
    let app = App::with(provider().await, |web| web.with_shared_store(Arc::clone(&store)));
    let other = app.second_instance(|web| web.with_shared_store(store));
    assert_a_role_shows_on_both(&app, &other).await;
}

#[tokio::test]
async fn a_fresh_token_has_a_granted_role_and_is_saved_in_the_cookie() {
    let app = App::with(provider().await, |web| web);
    set_role(&app, false);
    let browser = app.signed_in("ada").await;
    assert_eq!(cached(&browser).await, " refreshed");
    set_role(&app, true);
    assert_eq!(cached(&browser).await, " kept");
    assert_eq!(fresh(&browser).await, "read:products refreshed");
    // A new process has only the cookie.
    let other = app.second_instance(|web| web);
    let later = other.browser_with(browser.cookies.borrow().clone());
    assert_eq!(cached(&later).await, "read:products kept");
}

#[tokio::test]
async fn clearing_all_tokens_keeps_the_user_signed_in() {
    let app = App::with(provider().await, |web| web);
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
    let cleared = browser.post("/clear", "").await;
    assert!(
        cleared.cookies.iter().any(|cookie| cookie.starts_with(SESSION)),
        "the cleared session is saved"
    );
    app.provider.clear_log();
    for path in ["/", "/me"] {
        assert_eq!(browser.get(path).await.status, 200);
    }
    assert_eq!(app.provider.requests(Endpoint::Token), 0);
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
}

#[tokio::test]
async fn clearing_tokens_without_a_session_is_a_no_op() {
    let app = App::start().await;
    let answer = app.browser().post("/clear", "").await;
    assert_eq!((answer.status.as_u16(), answer.cookies.len()), (200, 0));
}
