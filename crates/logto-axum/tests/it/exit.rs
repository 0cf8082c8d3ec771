//! The end of a process while a refresh is in flight.

use std::{sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use logto::session::store::{MemoryStore, SessionStore};
use logto_axum::WebConfig;
use logto_testing::{Endpoint, HeldAnswer};

use crate::{
    app::{App, Browser},
    lifetimes::open_page,
    stores::provider,
};

const HOUR: u64 = 3600;
const LIMIT: Duration = Duration::from_secs(12);

/// Opens a page whose token expires soon. The provider rotates the refresh token and is slow to say
/// so, and the page is sent after a second with the old tokens.
async fn early_refresh(app: &App, browser: &Browser<'_>) -> HeldAnswer {
    let clock = app.provider.clock();
    clock.advance(HOUR - 20);
    let mut held = app.provider.hold_next_answer(Endpoint::Token);
    let a_second_later = async {
        held.wait_until_handled().await;
        clock.advance(1);
    };
    let (page, ()) = tokio::join!(open_page(browser), a_second_later);
    assert_eq!(page, "active");
    held
}

#[tokio::test]
async fn a_process_that_ends_first_saves_the_refreshes_that_outlive_their_requests() {
    let store: Arc<dyn SessionStore> = Arc::new(MemoryStore::default());
    let change = |web: WebConfig| web.with_shared_store(Arc::clone(&store));
    let app = App::with_long_time_limit(provider().await, change);
    let browser = app.signed_in("ada").await;
    let held = early_refresh(&app, &browser).await;
    let mut finished = Box::pin(app.logto.finish_refreshes(LIMIT));
    assert!(finished.as_mut().now_or_never().is_none(), "the answer is missing");
    held.release();
    assert!(finished.await);
    // Another process has only what is in the store. A rotated token would have lost its grace.
    let next = app.second_instance(change);
    let at_next = next.browser_with(browser.cookies.borrow().clone());
    app.provider.clock().advance(HOUR + 1);
    assert_eq!(at_next.post("/token", "").await.body, "read:products refreshed");
}

#[tokio::test]
async fn a_process_waits_for_its_refreshes_within_the_limit() {
    let app = App::with_long_time_limit(provider().await, |web| web.with_store(MemoryStore::default()));
    assert!(app.logto.finish_refreshes(LIMIT).await, "no refresh is in flight");
    let browser = app.signed_in("ada").await;
    let _held = early_refresh(&app, &browser).await;
    let time = async { app.provider.clock().advance(LIMIT.as_secs()) };
    let (finished, ()) = tokio::join!(app.logto.finish_refreshes(LIMIT), time);
    assert!(!finished);
}
