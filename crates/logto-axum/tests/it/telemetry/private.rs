//! No user, token, session or address is in metrics, spans or events.

use super::{
    Recording, capture, recorder,
    run::{Private, SessionIds, app, run},
};
use crate::faulty_store::FaultyStore;

impl Private {
    /// The private values in `text`.
    fn found_in<'a>(&'a self, text: &str) -> Vec<(&'static str, &'a str)> {
        let found = self.0.iter().filter(|(_, private)| text.contains(private));
        found.map(|(name, private)| (*name, private.as_str())).collect()
    }
}

#[tokio::test]
async fn metrics_spans_and_events_contain_nothing_of_users_or_addresses() {
    let recorder = recorder();
    let recording = Recording::of_this_thread(&recorder);
    let (captured, _guard) = capture();
    let store = FaultyStore::default();
    let (mut all, ids) = (Private::default(), SessionIds::default());
    for stored in [None, Some(&store)] {
        all.0.extend(run(&app(stored, &ids).await, &store).await.0);
    }
    let ids = std::mem::take(&mut *ids.lock().unwrap());
    assert!(ids.len() > 6, "{}", ids.len());
    all.0.extend(ids.into_iter().map(|id| ("a session id", id)));
    let (logs, metrics) = (captured.text(), recording.text());
    for span in [
        "logto.sign_in",
        "logto.callback",
        "logto.refresh",
        "logto.provider_request",
        "logto.store",
        "logto.sign_out",
        "logto.backchannel_logout",
        "logto.webhook",
    ] {
        assert!(logs.contains(span), "{span} was not captured");
    }
    for metric in logto::telemetry::METRICS {
        let is_recorded = metrics.contains(metric.name) || metric.name.starts_with("logto_lease_");
        assert!(is_recorded, "{} was not recorded\n{metrics}", metric.name);
    }
    assert!(all.0.len() > 60, "{}", all.0.len());
    assert_eq!(all.found_in(&metrics), [], "{metrics}");
    assert_eq!(all.found_in(&logs), [], "{logs}");
}

#[test]
fn a_private_text_in_a_span_or_an_event_is_found() {
    let (captured, _guard) = capture();
    let private = Private(vec![
        ("a field of a span", "text-in-a-span".to_owned()),
        ("a field of an event", "text-in-an-event".to_owned()),
    ]);
    let span = tracing::debug_span!(target: "logto::client", "logto.test", id = "text-in-a-span");
    span.in_scope(|| tracing::trace!(target: "logto_axum::session", id = "text-in-an-event", "a leak"));
    assert_eq!(private.found_in(&captured.text()).len(), 2);
}
