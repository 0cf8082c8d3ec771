//! Sessions in cookies, and processes that share the store of a deny list.

use std::sync::Arc;

use logto::{
    TokenTarget,
    seal::Sealer,
    session::{DenyList, Lifetimes, Refresher, Session},
};
use logto_testing::{CapturedLogs, Endpoint, HttpFault};

use super::{Cluster, meanwhile, store::is_lease};
use crate::{
    harness::{in_time, text},
    refresher::api,
};

/// A process that gets the session from a cookie.
fn process(cluster: &Cluster) -> Refresher {
    let client = &cluster.harness.client;
    let sealer = Arc::new(Sealer::new(&["a cookie secret of more than 32 bytes".into()]).unwrap());
    Refresher::with_deny_list(client.clone(), sealer, deny_list(cluster))
}

fn deny_list(cluster: &Cluster) -> DenyList {
    DenyList::new(
        cluster.harness.client.clone(),
        cluster.store.clone(),
        Lifetimes::default(),
    )
}

fn processes(cluster: &Cluster) -> [Refresher; 2] {
    [(); 2].map(|()| process(cluster))
}

fn acme() -> TokenTarget {
    TokenTarget::organization("acme")
}

/// The session in the cookie from before any refresh.
fn old_cookie(cluster: &Cluster) -> Arc<Session> {
    Arc::clone(&cluster.session)
}

#[tokio::test]
async fn a_session_in_cookies_survives_a_slow_refresh_at_another_process() {
    let cluster = Cluster::start().await;
    let ([one, other], target) = (processes(&cluster), api());
    let asked = other.token(old_cookie(&cluster), &target);
    let (first, second) = meanwhile(&cluster, &one, asked).await;
    assert_eq!(cluster.requests(), 1);
    let (first, second) = (first.session.unwrap(), second.session.unwrap());
    assert_eq!(second.version(), first.version(), "both can write the new cookie");
    // After the reuse window of three seconds.
    cluster.clock().advance(10);
    assert!(other.token(second, &acme()).await.token.is_ok());
}

#[tokio::test]
async fn an_old_cookie_at_another_process_gets_the_refreshed_tokens_for_a_minute() {
    let cluster = Cluster::start().await;
    let [one, other] = processes(&cluster);
    let refreshed = one.token(old_cookie(&cluster), &api()).await.token.unwrap();
    cluster.clock().advance(59);
    let late = other.token(old_cookie(&cluster), &api()).await;
    assert_eq!(text(&late.token.unwrap().secret), text(&refreshed.secret));
    assert_eq!(late.session.unwrap().version(), cluster.session.version() + 1);
    assert_eq!(cluster.requests(), 1);
    cluster.clock().advance(1);
    let later = process(&cluster).token(old_cookie(&cluster), &api()).await;
    assert!(later.token.is_err(), "as without a shared store");
    assert_eq!(cluster.requests(), 2);
}

#[tokio::test]
async fn a_result_that_no_response_has_saved_is_shared_for_an_hour() {
    for is_known_before in [true, false] {
        let cluster = Cluster::start().await;
        let [one, other] = processes(&cluster);
        if is_known_before {
            one.keep_unsaved(cluster.session.id());
        }
        let refreshed = one.token(old_cookie(&cluster), &api()).await.token.unwrap();
        if !is_known_before {
            one.keep_unsaved(cluster.session.id());
            // The entry is written in the background.
            let now = cluster.harness.client.now();
            in_time(async {
                while !cluster
                    .store
                    .entries
                    .lock()
                    .unwrap()
                    .iter()
                    .any(|(id, entry)| is_lease(id, entry) && entry.expires > now.plus(3000))
                {
                    tokio::task::yield_now().await;
                }
            })
            .await;
        }
        cluster.clock().advance(3500);
        let late = other.token(old_cookie(&cluster), &api()).await;
        assert_eq!(text(&late.token.unwrap().secret), text(&refreshed.secret));
        assert_eq!(cluster.requests(), 1);
    }
}

#[tokio::test]
async fn a_signed_out_session_does_not_come_back_with_the_result_of_a_refresh() {
    let cluster = Cluster::start().await;
    let [one, other] = processes(&cluster);
    assert!(one.token(old_cookie(&cluster), &api()).await.token.is_ok());
    deny_list(&cluster).deny_session(cluster.session.id()).await.unwrap();
    let late = other.token(old_cookie(&cluster), &api()).await;
    assert!(late.session.is_none() && late.token.is_err());
    assert!(other.latest(old_cookie(&cluster)).is_none());
    assert_eq!(cluster.requests(), 1);
}

#[tokio::test]
async fn a_session_whose_grant_has_ended_leaves_no_result() {
    let cluster = Cluster::start().await;
    let [one, other] = processes(&cluster);
    let renewed = one.token(old_cookie(&cluster), &api()).await.session.unwrap();
    cluster.harness.provider.revoke_grants("ada");
    let ended = one.token(renewed, &acme()).await.session.unwrap();
    assert!(ended.refresh_token().is_none());
    let late = other.token(old_cookie(&cluster), &api()).await;
    assert!(late.token.is_err(), "the tokens of the grant are not handed out");
}

#[tokio::test]
async fn a_failed_refresh_keeps_the_result_of_the_one_before() {
    let cluster = Cluster::start().await;
    let [one, other] = processes(&cluster);
    let renewed = one.token(old_cookie(&cluster), &api()).await;
    let refreshed = renewed.token.unwrap();
    cluster
        .harness
        .provider
        .fault_once(HttpFault::Status(503).at(Endpoint::Token));
    assert!(one.token(renewed.session.unwrap(), &acme()).await.token.is_err());
    cluster.clock().advance(10);
    let late = other.token(old_cookie(&cluster), &api()).await;
    assert_eq!(text(&late.token.unwrap().secret), text(&refreshed.secret));
}

#[tokio::test]
async fn a_result_is_sealed_and_opens_for_its_own_session_only() {
    let cluster = Cluster::start().await;
    let [one, other] = processes(&cluster);
    let another = cluster.harness.session().await;
    let refreshed = one.token(old_cookie(&cluster), &api()).await;
    let (token, session) = (refreshed.token.unwrap(), refreshed.session.unwrap());
    assert!(one.token(Arc::clone(&another), &api()).await.token.is_ok());
    {
        let mut entries = cluster.store.entries.lock().unwrap();
        let ids: Vec<_> = entries
            .iter()
            .filter(|(id, entry)| is_lease(id, entry))
            .map(|(id, _)| *id)
            .collect();
        assert_eq!(ids.len(), 2);
        let texts: Vec<_> = ids.iter().map(|id| entries[id].sealed.clone()).collect();
        for secret in [&token.secret, session.refresh_token().unwrap()] {
            assert!(!texts.iter().any(|sealed| sealed.contains(&text(secret)[..10])));
        }
        // Each gets the result of the other.
        for (id, sealed) in ids.iter().zip(texts.into_iter().rev()) {
            entries.get_mut(id).unwrap().sealed = sealed;
        }
    }
    cluster.harness.provider.clear_log();
    assert!(
        other.token(another, &api()).await.token.is_ok(),
        "within the reuse window"
    );
    assert_eq!(cluster.requests(), 1, "the other session's result was not used");
}

#[tokio::test]
async fn a_session_in_cookies_is_refreshed_without_a_lease_while_the_store_is_down() {
    let (logs, _capture) = CapturedLogs::of_this_thread();
    let cluster = Cluster::start().await;
    let [one, other] = processes(&cluster);
    cluster.store.set_refuses(is_lease);
    let renewed = one.token(old_cookie(&cluster), &api()).await.session.unwrap();
    assert!(one.token(renewed, &acme()).await.token.is_ok());
    assert!(
        other.token(old_cookie(&cluster), &api()).await.token.is_ok(),
        "within the reuse window"
    );
    let text = logs.text();
    assert_eq!(
        text.matches("refreshes sessions without a lease").count(),
        2,
        "once for each process: {text}"
    );
    assert!(text.contains("store_unavailable"));
}
