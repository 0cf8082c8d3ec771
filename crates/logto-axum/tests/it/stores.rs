//! Sessions in a store: the browser has an id, nothing is lost, and nobody is signed out because
//! the store is down.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use axum::body::Body;
use http::{Request, StatusCode};
use logto::{
    Timestamp,
    session::{
        DenyList, Lifetimes, SessionId, SessionStore,
        store::{MemoryStore, Saved, StoreError, StoreFuture, StoredSession},
    },
};
use logto_testing::{Endpoint, RotationRule, TestClock, TestProvider};
use tokio::sync::{Notify, oneshot};

use crate::app::{App, BASE, Browser, SESSION};

const HOUR: u64 = 3600;

/// Tells that it has begun, and ends when it is told to.
pub(crate) type Pause = (oneshot::Sender<()>, oneshot::Receiver<()>);

/// A store that can be switched off, and whose last content can be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Switched {
    store: Arc<MemoryStore>,
    down: Arc<AtomicBool>,
    last: Arc<Mutex<Option<StoredSession>>>,
    loads: Arc<AtomicU32>,
    fails_next: Arc<AtomicBool>,
    /// The next save: says when it begins, and waits then.
    pub(crate) slow_save: Arc<Mutex<Option<Pause>>>,
    /// Deletes many at once no longer.
    pub(crate) keeps_all: Arc<AtomicBool>,
    /// Told after every save.
    pub(crate) saved: Arc<Notify>,
    /// Seconds that pass during the next load.
    slow_next: Arc<Mutex<Option<(TestClock, u64)>>>,
    /// The next session that is saved ends before it is.
    ended_meanwhile: Arc<Mutex<Option<DenyList>>>,
    /// The next that is deleted: says when it is gone, and waits then.
    slow_delete: Arc<Mutex<Option<Pause>>>,
}

impl Switched {
    pub(crate) fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// A read by one request, of however many it asks for.
    fn read<'a, T: Send + 'a>(&'a self, answer: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        self.loads.fetch_add(1, Ordering::SeqCst);
        if self.fails_next.swap(false, Ordering::SeqCst) {
            return Box::pin(async {
                tokio::task::yield_now().await;
                Err(StoreError::Unavailable("test"))
            });
        }
        self.ask(Box::pin(async {
            // Other requests have their turn meanwhile, as with a store in a network.
            tokio::task::yield_now().await;
            if let Some((clock, seconds)) = self.slow_next.lock().unwrap().take() {
                clock.advance(seconds);
            }
            answer.await
        }))
    }

    fn delete_many<'a>(&self, answer: StoreFuture<'a, u64>) -> StoreFuture<'a, u64> {
        if self.keeps_all.load(Ordering::SeqCst) {
            return Box::pin(async { Err(StoreError::Unavailable("test")) });
        }
        self.ask(answer)
    }

    fn ask<'a, T: Send + 'a>(&self, answer: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        let down = self.down.load(Ordering::SeqCst);
        Box::pin(async move {
            if down {
                Err(StoreError::Unavailable("test"))
            } else {
                answer.await
            }
        })
    }
}

impl SessionStore for Switched {
    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        self.read(Box::pin(async move { self.store.load(id, now).await }))
    }

    fn load_all<'a>(&'a self, ids: &'a [SessionId], now: Timestamp) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        self.read(Box::pin(async move { self.store.load_all(ids, now).await }))
    }

    fn save<'a>(
        &'a self,
        id: &'a SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: Timestamp,
    ) -> StoreFuture<'a, Saved> {
        if self.down.load(Ordering::SeqCst) {
            return Box::pin(async { Err(StoreError::Unavailable("test")) });
        }
        *self.last.lock().unwrap() = Some(session.clone());
        let list = self.ended_meanwhile.lock().unwrap().take();
        let pause = self.slow_save.lock().unwrap().take();
        Box::pin(async move {
            if let Some((begun, go_on)) = pause {
                begun.send(()).unwrap();
                go_on.await.unwrap();
            }
            if let Some(list) = list {
                list.deny_session(*id).await?;
            }
            let saved = self.store.save(id, expected, session, now).await;
            self.saved.notify_waiters();
            saved
        })
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        if self.down.load(Ordering::SeqCst) {
            return Box::pin(async { Err(StoreError::Unavailable("test")) });
        }
        let pause = self.slow_delete.lock().unwrap().take();
        Box::pin(async move {
            self.store.delete(id).await?;
            if let Some((gone, go_on)) = pause {
                gone.send(()).unwrap();
                go_on.await.unwrap();
            }
            Ok(())
        })
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        self.delete_many(Box::pin(async move { self.store.delete_by_sid(sid).await }))
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        self.delete_many(Box::pin(async move { self.store.delete_by_sub(sub).await }))
    }

    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        self.delete_many(Box::pin(async move { self.store.delete_by_sub_without_sid(sub).await }))
    }

    fn delete_expired(&self, now: Timestamp, most: u32) -> StoreFuture<'_, u64> {
        self.ask(self.store.delete_expired(now, most))
    }
}

pub(crate) async fn provider() -> TestProvider {
    TestProvider::builder()
        .client("app", "secret")
        .rotation(RotationRule::EveryUse)
        .start()
        .await
}

async fn app_with_store() -> (App, Switched) {
    let store = Switched::default();
    let app = App::with(provider().await, |web| web.with_store(store.clone()));
    (app, store)
}

pub(crate) async fn open_page(browser: &Browser<'_>) -> crate::app::Answer {
    open_document(browser, "/").await
}

async fn open_document(browser: &Browser<'_>, path: &str) -> crate::app::Answer {
    let request = Request::get(path)
        .header("sec-fetch-dest", "document")
        .body(Body::empty())
        .unwrap();
    browser.send(request).await
}

#[tokio::test]
async fn the_cookie_of_a_stored_session_is_a_short_sealed_id() {
    let (app, _) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    assert!(browser.cookies.borrow()[SESSION].len() < 160);
    assert_eq!(browser.get("/").await.body, "active");
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
    assert_eq!(browser.post("/token", "").await.body, "read:products kept");
    browser.post("/sign-out", "").await;
    assert_eq!(browser.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn a_copy_of_the_store_reveals_no_token_and_is_not_accepted_as_a_cookie() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    let tokens = browser.get("/tokens").await.body;
    let stored = store.last.lock().unwrap().take().unwrap();
    assert!(tokens.split(' ').count() > 2, "{tokens}");
    for token in tokens.split(' ') {
        // Ten signs of an ID token or an access token, which sealed text does not have by chance.
        assert!(!stored.sealed.contains(&token[..10]), "{}", stored.sealed);
    }
    let other = app.second_instance(|web| web.with_store(store));
    for app in [&app, &other] {
        let thief = app.browser();
        thief.cookies.borrow_mut().insert(SESSION.into(), stored.sealed.clone());
        assert_eq!(thief.get("/").await.body, "anonymous");
    }
}

#[tokio::test]
async fn a_copied_cookie_does_not_work_on_any_instance_after_sign_out() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    let copy = browser.cookies.borrow()[SESSION].clone();
    browser.post("/sign-out", "").await;
    let other = app.second_instance(|web| web.with_store(store));
    let thief = other.browser();
    thief.cookies.borrow_mut().insert(SESSION.into(), copy);
    assert_eq!(thief.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn sessions_survive_a_store_outage_without_a_restart() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    store.set_down(true);
    let page = open_page(&browser).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        page.headers.contains_key("retry-after") && page.body.contains("Temporarily unavailable"),
        "{page:?}"
    );
    assert_eq!(page.headers["cache-control"], "private, no-store");
    let part = browser.get("/me").await;
    assert_eq!(part.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(part.cookies.is_empty() && page.cookies.is_empty(), "the cookie stays");
    store.set_down(false);
    assert_eq!(open_page(&browser).await.body, "active");
}

#[tokio::test]
async fn static_files_and_visitors_without_a_session_do_not_use_the_store() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    store.set_down(true);
    assert_eq!(browser.get("/static").await.status, StatusCode::OK);
    // Opened in a tab of its own it is a document as a page is.
    let opened = open_document(&browser, "/files/terms.pdf").await;
    assert_ne!(opened.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(open_page(&app.browser()).await.body, "anonymous");
}

#[tokio::test]
async fn a_sign_in_that_cannot_be_saved_fails() {
    let (app, store) = app_with_store().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = browser.go_to_provider("/me").await;
    store.set_down(true);
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        answer.location(),
        format!("{BASE}/failed?code=store_unavailable&retry_after=5&return_to=%2Fme")
    );
    assert!(!browser.has(SESSION));
    assert_eq!(browser.transactions(), 0);
}

#[tokio::test]
async fn tokens_are_not_refreshed_while_the_store_is_down() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR + 1);
    app.provider.clear_log();
    store.set_down(true);
    assert_eq!(browser.post("/token", "").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(app.provider.requests(Endpoint::Token), 0);
    store.set_down(false);
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
}

#[tokio::test]
async fn a_refreshed_token_survives_a_restart() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
    let cookie = browser.cookies.borrow()[SESSION].clone();
    let again = app.second_instance(|web| web.with_store(store));
    let browser = again.browser();
    browser.cookies.borrow_mut().insert(SESSION.into(), cookie);
    app.provider.clock().advance(60);
    assert_eq!(browser.post("/token", "").await.body, "read:products kept");
}

#[tokio::test]
async fn a_cookie_session_is_migrated_to_the_store() {
    let app = App::with(provider().await, |web| web);
    let browser = app.signed_in("ada").await;
    let cookie = browser.cookies.borrow()[SESSION].clone();
    let store = Switched::default();
    let later = app.second_instance(|web| web.with_store(store));
    let browser = later.browser();
    browser.cookies.borrow_mut().insert(SESSION.into(), cookie);
    assert_eq!(browser.get("/").await.body, "active");
    assert!(
        browser.cookies.borrow()[SESSION].len() < 160,
        "the cookie holds an id now"
    );
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn a_visit_during_a_refresh_does_not_lose_the_rotated_token() {
    let store = Switched::default();
    let app = App::patient(provider().await, |web| web.with_store(store.clone()));
    let other = app.second_instance(|web| web.with_store(store));
    let browser = app.signed_in("ada").await;
    let elsewhere = other.browser_with(browser.cookies.borrow().clone());
    app.provider.clear_log();
    let gate = app.provider.hold(Endpoint::Token);
    let meanwhile = async {
        app.provider.wait_for_requests(Endpoint::Token, 1).await;
        // Long enough for the visit to be put on record.
        app.provider.clock().advance(601);
        assert_eq!(elsewhere.get("/").await.body, "active");
        gate.release();
    };
    let (answer, ()) = tokio::join!(browser.post("/token", ""), meanwhile);
    assert_eq!(answer.body, "read:products refreshed");
    assert_eq!(elsewhere.post("/token", "").await.body, "read:products kept");
    app.provider.clock().advance(HOUR + 1);
    assert_eq!(elsewhere.post("/token", "").await.body, "read:products refreshed");
}

#[tokio::test]
async fn concurrent_reads_in_one_request_are_coalesced() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    let before = store.loads.load(Ordering::SeqCst);
    assert_eq!(browser.get("/twice").await.body, "active active");
    assert_eq!(store.loads.load(Ordering::SeqCst) - before, 1);
}

#[tokio::test]
async fn a_coalesced_read_is_retried_after_the_first_one_failed() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    store.fails_next.store(true, Ordering::SeqCst);
    let answer = browser.get("/twice").await;
    assert_eq!(answer.body, "store_unavailable active");
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn expiry_is_checked_after_the_store_has_answered() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.get("/").await.body, "active");
    *store.slow_next.lock().unwrap() = Some((app.provider.clock(), 2 * HOUR));
    assert_eq!(browser.get("/").await.body, "stale");
}

/// An app with cookies, and the same with a store, where the next session that is saved ends before
/// it is.
async fn moving_into_a_store() -> (App, App, Switched) {
    let app = App::with(provider().await, |web| web);
    let store = Switched::default();
    let moved = app.second_instance(|web| web.with_store(store.clone()));
    (app, moved, store)
}

fn ends_before_it_is_saved(store: &Switched, app: &App) {
    let list = DenyList::new(
        app.logto.client().clone(),
        Arc::new(store.clone()),
        Lifetimes::default(),
    );
    *store.ended_meanwhile.lock().unwrap() = Some(list);
}

#[tokio::test]
async fn a_session_denied_during_its_migration_stays_signed_out() {
    let (app, moved, store) = moving_into_a_store().await;
    let browser = app.signed_in("ada").await;
    let sub = browser.get("/me").await.body;
    ends_before_it_is_saved(&store, &moved);
    let there = moved.browser_with(browser.cookies.borrow().clone());
    assert_eq!(there.get("/").await.body, "anonymous");
    assert!(store.ended_meanwhile.lock().unwrap().is_none(), "it was saved");
    assert_eq!(store.delete_by_sub(&sub).await.unwrap(), 0, "and taken out again");
}

#[tokio::test]
async fn a_denied_session_stays_signed_out_although_another_request_migrated_it() {
    let (app, moved, store) = moving_into_a_store().await;
    let browser = app.signed_in("ada").await;
    let sub = browser.get("/me").await.body;
    let copies = [(); 2].map(|()| moved.browser_with(browser.cookies.borrow().clone()));
    assert_eq!(copies[0].get("/").await.body, "active");
    ends_before_it_is_saved(&store, &moved);
    assert_eq!(copies[1].get("/").await.body, "anonymous");
    assert_eq!(store.delete_by_sub(&sub).await.unwrap(), 0);
    assert_eq!(copies[0].get("/").await.body, "anonymous");
}

#[tokio::test]
async fn a_session_deleted_just_before_its_migration_stays_signed_out() {
    let (app, moved, store) = moving_into_a_store().await;
    let browser = app.signed_in("ada").await;
    let sub = browser.get("/me").await.body;
    let [one, copy] = [(); 2].map(|()| moved.browser_with(browser.cookies.borrow().clone()));
    assert_eq!(one.get("/").await.body, "active");
    let (gone, is_gone) = oneshot::channel();
    let (go_on, goes_on) = oneshot::channel();
    *store.slow_delete.lock().unwrap() = Some((gone, goes_on));
    let in_between = async {
        is_gone.await.unwrap();
        let seen = copy.get("/").await.body;
        go_on.send(()).unwrap();
        seen
    };
    let sign_out = async {
        one.post("/sign-out", "").await;
        // If nothing was deleted, nobody waits for it any longer.
        store.slow_delete.lock().unwrap().take();
    };
    let ((), seen) = futures_util::join!(sign_out, in_between);
    assert_eq!(seen, "anonymous");
    assert_eq!(copy.get("/").await.body, "anonymous");
    assert_eq!(store.delete_by_sub(&sub).await.unwrap(), 0);
}
