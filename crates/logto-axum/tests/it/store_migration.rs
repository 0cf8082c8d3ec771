//! Sessions in cookies that are migrated to a store.

use std::sync::Arc;

use logto::session::{DenyList, Lifetimes, store::SessionStore as _};
use tokio::sync::oneshot;

use crate::{
    app::{App, SESSION},
    faulty_store::FaultyStore,
    stores::provider,
};

#[tokio::test]
async fn a_cookie_session_is_migrated_to_the_store() {
    let app = App::with(provider().await, |web| web);
    let browser = app.signed_in("ada").await;
    let cookie = browser.cookies.borrow()[SESSION].clone();
    let store = FaultyStore::default();
    let later = app.second_instance(|web| web.with_store(store));
    let browser = later.browser();
    browser.cookies.borrow_mut().insert(SESSION.into(), cookie);
    assert_eq!(browser.get("/").await.body, "active");
    assert!(
        browser.cookies.borrow()[SESSION].len() < 160,
        "the cookie now holds an ID"
    );
    assert_eq!(browser.get("/").await.body, "active");
}

/// One app before and after it got a store.
async fn before_and_after_a_store() -> (App, App, FaultyStore) {
    let app = App::with(provider().await, |web| web);
    let store = FaultyStore::default();
    let moved = app.second_instance(|web| web.with_store(store.clone()));
    (app, moved, store)
}

fn deny_during_the_next_save(store: &FaultyStore, app: &App) {
    let list = DenyList::new(
        app.logto.client().clone(),
        Arc::new(store.clone()),
        Lifetimes::default(),
    );
    *store.deny_before_next_save.lock().unwrap() = Some(list);
}

#[tokio::test]
async fn a_session_denied_during_its_migration_stays_signed_out() {
    let (app, moved, store) = before_and_after_a_store().await;
    let browser = app.signed_in("ada").await;
    let sub = browser.get("/me").await.body;
    deny_during_the_next_save(&store, &moved);
    let there = moved.browser_with(browser.cookies.borrow().clone());
    assert_eq!(there.get("/").await.body, "anonymous");
    assert!(
        store.deny_before_next_save.lock().unwrap().is_none(),
        "the session was saved"
    );
    assert_eq!(store.delete_by_sub(&sub).await.unwrap(), 0, "the store has deleted it");
}

#[tokio::test]
async fn a_denied_session_stays_signed_out_although_another_request_migrated_it() {
    let (app, moved, store) = before_and_after_a_store().await;
    let browser = app.signed_in("ada").await;
    let sub = browser.get("/me").await.body;
    let copies = [(); 2].map(|()| moved.browser_with(browser.cookies.borrow().clone()));
    assert_eq!(copies[0].get("/").await.body, "active");
    deny_during_the_next_save(&store, &moved);
    assert_eq!(copies[1].get("/").await.body, "anonymous");
    assert_eq!(store.delete_by_sub(&sub).await.unwrap(), 0);
    assert_eq!(copies[0].get("/").await.body, "anonymous");
}

#[tokio::test]
async fn a_session_deleted_just_before_its_migration_stays_signed_out() {
    let (app, moved, store) = before_and_after_a_store().await;
    let browser = app.signed_in("ada").await;
    let sub = browser.get("/me").await.body;
    let [one, copy] = [(); 2].map(|()| moved.browser_with(browser.cookies.borrow().clone()));
    assert_eq!(one.get("/").await.body, "active");
    let (deleted, is_deleted) = oneshot::channel();
    let (resume, resumed) = oneshot::channel();
    *store.pause_next_delete.lock().unwrap() = Some((deleted, resumed));
    let in_between = async {
        is_deleted.await.unwrap();
        let seen = copy.get("/").await.body;
        resume.send(()).unwrap();
        seen
    };
    let sign_out = async {
        one.post("/sign-out", "").await;
        // Without a deletion, drops the sender so that the other branch ends.
        store.pause_next_delete.lock().unwrap().take();
    };
    let ((), seen) = futures_util::join!(sign_out, in_between);
    assert_eq!(seen, "anonymous");
    assert_eq!(copy.get("/").await.body, "anonymous");
    assert_eq!(store.delete_by_sub(&sub).await.unwrap(), 0);
}
