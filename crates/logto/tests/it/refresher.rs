//! Refreshing the tokens of a session: coalesced, one at a time, and without losing a token.

use std::sync::Arc;

use futures_util::future::join_all;
use logto::{
    TokenTarget,
    session::{Refreshed, Refresher, Session, SessionState},
};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, Lifetimes, RotationRule, TestProvider};

use crate::harness::{Harness, both, in_time, text};

pub(crate) fn api() -> TokenTarget {
    TokenTarget::resource(DEFAULT_RESOURCE)
}

/// All targets of the demo user.
fn targets() -> [TokenTarget; 4] {
    [
        api(),
        TokenTarget::organization("acme"),
        TokenTarget::organization("globex"),
        both(DEFAULT_RESOURCE, "acme"),
    ]
}

pub(crate) async fn rotating() -> Harness {
    Harness::of(TestProvider::builder().rotation(RotationRule::EveryUse)).await
}

/// The refresh tokens that the provider received, in order.
fn used(harness: &Harness) -> Vec<String> {
    let requests = harness.logged(Endpoint::Token);
    let refreshes = requests
        .iter()
        .filter_map(|request| request.params.get("refresh_token"));
    refreshes.map(str::to_owned).collect()
}

fn assert_never_twice(used: &[String]) {
    let mut once = used.to_vec();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), used.len(), "a refresh token was used twice");
}

fn secret(refreshed: &Refreshed) -> &str {
    text(&refreshed.token.as_ref().unwrap().secret)
}

/// Sends `count` concurrent requests. The provider responds after all have started.
async fn at_once(harness: &Harness, refresher: &Refresher, session: &Arc<Session>, count: usize) -> Vec<Refreshed> {
    let gate = harness.provider.hold(Endpoint::Token);
    harness.provider.clear_log();
    let target = api();
    let asking = join_all((0..count).map(|_| refresher.token(Arc::clone(session), &target)));
    let (answers, ()) = in_time(async {
        tokio::join!(asking, async {
            harness.provider.wait_for_requests(Endpoint::Token, 1).await;
            gate.release();
        })
    })
    .await;
    answers
}

#[tokio::test]
async fn concurrent_requests_for_one_target_share_a_refresh() {
    let harness = rotating().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    let answers = at_once(&harness, &refresher, &session, 20).await;
    assert_eq!(harness.provider.requests(Endpoint::Token), 1);
    for answer in &answers {
        assert_eq!(secret(answer), secret(&answers[0]));
        assert_eq!(answer.session.as_ref().unwrap().version(), 2);
        assert!(answer.refreshed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_on_several_threads_share_a_refresh() {
    let harness = rotating().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.clear_log();
    let asking = (0..50).map(|_| {
        let (refresher, session) = (refresher.clone(), Arc::clone(&session));
        tokio::spawn(async move { refresher.token(session, &api()).await })
    });
    let answers = in_time(join_all(asking)).await;
    let first = answers[0].as_ref().unwrap();
    assert!(
        answers
            .iter()
            .all(|answer| secret(answer.as_ref().unwrap()) == secret(first))
    );
    assert_eq!(harness.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_request_with_the_old_cookie_gets_the_refreshed_token() {
    let harness = rotating().await;
    let (refresher, cookie) = (harness.refresher(), harness.session().await);
    let first = refresher.token(Arc::clone(&cookie), &api()).await;
    harness.provider.clear_log();
    let late = refresher.token(Arc::clone(&cookie), &api()).await;
    assert_eq!(harness.provider.log().len(), 0);
    assert_eq!(secret(&late), secret(&first));
    let (late, first) = (late.session.unwrap(), first.session.unwrap());
    assert_eq!(late.version(), first.version());
    assert_eq!(refresher.latest(cookie).unwrap().version(), first.version());
}

#[tokio::test]
async fn a_token_is_refreshed_shortly_before_it_expires() {
    let harness = Harness::start().await;
    let refresher = harness.refresher();
    let session = refresher.token(harness.session().await, &api()).await.session.unwrap();
    harness.provider.clock().advance(3600 - 11);
    assert!(!refresher.token(Arc::clone(&session), &api()).await.refreshed);
    harness.provider.clock().advance(1);
    let again = refresher.token(session, &api()).await;
    assert!(again.refreshed);
    assert_eq!(again.token.unwrap().expires, harness.client.now().plus(3600));
}

#[tokio::test]
async fn a_fresh_token_is_fetched_while_the_old_one_is_valid() {
    let harness = Harness::start().await;
    let refresher = harness.refresher();
    let session = refresher.token(harness.session().await, &api()).await.session.unwrap();
    harness
        .provider
        .update_user("ada", |user| drop(user.permissions.remove(DEFAULT_RESOURCE)));
    harness.provider.clock().advance(1);
    let kept = refresher.token(Arc::clone(&session), &api()).await;
    assert!(kept.token.unwrap().has_scope("write:products"));
    let fresh = refresher.fresh_token(session, &api()).await;
    assert!(!fresh.token.unwrap().has_scope("write:products"));
}

/// Both callers read the session before the refresh completed.
#[tokio::test]
async fn one_newer_token_satisfies_all_callers_with_the_old_session() {
    let harness = rotating().await;
    let (refresher, before) = (harness.refresher(), harness.session().await);
    let first = refresher.newer_token(Arc::clone(&before), &api()).await;
    harness.provider.clear_log();
    let late = refresher.newer_token(Arc::clone(&before), &api()).await;
    assert_eq!(harness.provider.requests(Endpoint::Token), 0);
    assert_eq!(secret(&late), secret(&first));
    let next = refresher.newer_token(late.session.unwrap(), &api()).await;
    assert_ne!(secret(&next), secret(&first), "who has that one gets another");
}

#[tokio::test]
async fn a_refresh_for_another_target_does_not_count_as_newer() {
    let harness = rotating().await;
    let refresher = harness.refresher();
    let session = refresher.token(harness.session().await, &api()).await.session.unwrap();
    let acme = TokenTarget::organization("acme");
    assert!(refresher.token(Arc::clone(&session), &acme).await.refreshed);
    harness.provider.clear_log();
    assert!(refresher.newer_token(session, &api()).await.token.is_ok());
    assert_eq!(harness.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn sequential_targets_never_reuse_a_refresh_token() {
    let harness = rotating().await;
    let (refresher, cookie) = (harness.refresher(), harness.session().await);
    for target in targets() {
        // After the grace period for rotated tokens. The browser still has the first cookie.
        harness.provider.clock().advance(10);
        let token = refresher.token(Arc::clone(&cookie), &target).await.token.unwrap();
        assert_eq!(
            token.unverified_claims().unwrap().aud.as_slice(),
            [target.audience().unwrap()]
        );
    }
    assert_eq!(used(&harness).len(), targets().len());
    assert_never_twice(&used(&harness));
    assert_eq!(
        refresher.latest(cookie).unwrap().access_tokens().count(),
        1 + targets().len()
    );
}

#[tokio::test]
async fn concurrent_targets_never_reuse_a_refresh_token() {
    let harness = rotating().await;
    let (refresher, cookie) = (harness.refresher(), harness.session().await);
    let targets = targets();
    let gate = harness.provider.hold(Endpoint::Token);
    let asking = join_all(
        targets
            .iter()
            .map(|target| refresher.token(Arc::clone(&cookie), target)),
    );
    let (answers, ()) = in_time(async {
        tokio::join!(asking, async {
            // One request after the code exchange; the others wait for their turn.
            harness.provider.wait_for_requests(Endpoint::Token, 2).await;
            gate.release();
        })
    })
    .await;
    assert_eq!(used(&harness).len(), targets.len());
    assert_never_twice(&used(&harness));
    for (target, answer) in targets.iter().zip(&answers) {
        let claims = answer.token.as_ref().unwrap().unverified_claims().unwrap();
        assert_eq!(claims.aud.as_slice(), [target.audience().unwrap()]);
    }
    let newest = refresher.latest(cookie).unwrap();
    assert_eq!(
        newest.access_tokens().count(),
        1 + targets.len(),
        "no refresh has overwritten another's token"
    );
}

#[tokio::test]
async fn a_refresh_completes_and_is_cached_if_the_caller_is_cancelled() {
    let harness = rotating().await;
    let (refresher, cookie) = (harness.refresher(), harness.session().await);
    let gate = harness.provider.hold(Endpoint::Token);
    harness.provider.clear_log();
    let asker = tokio::spawn({
        let (refresher, cookie) = (refresher.clone(), Arc::clone(&cookie));
        async move { refresher.token(cookie, &api()).await }
    });
    in_time(harness.provider.wait_for_requests(Endpoint::Token, 1)).await;
    asker.abort();
    assert!(asker.await.unwrap_err().is_cancelled());
    gate.release();
    let completed = async {
        while refresher.latest(Arc::clone(&cookie)).unwrap().version() == 1 {
            tokio::task::yield_now().await;
        }
    };
    in_time(completed).await;
    // After the grace period for rotated tokens.
    harness.provider.clock().advance(10);
    let token = refresher.token(Arc::clone(&cookie), &api()).await;
    assert!(!token.refreshed);
    refresher
        .token(cookie, &TokenTarget::organization("acme"))
        .await
        .token
        .unwrap();
    assert_eq!(harness.provider.requests(Endpoint::Token), 2);
}

#[tokio::test]
async fn an_expired_id_token_is_refreshed_with_the_next_token() {
    let lifetimes = Lifetimes::default().with_id_token(300);
    let harness = Harness::of(TestProvider::builder().lifetimes(lifetimes)).await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.clock().advance(299);
    assert_eq!(session.state(harness.client.now()), SessionState::Active);
    harness.provider.clock().advance(1);
    assert_eq!(session.state(harness.client.now()), SessionState::Stale);
    let renewed = refresher.token(session, &api()).await.session.unwrap();
    assert_eq!(renewed.state(harness.client.now()), SessionState::Active);
    assert_eq!(renewed.id_token().claims().iat, harness.client.now());
}
