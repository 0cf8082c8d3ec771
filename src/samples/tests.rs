//! Tests of the shown code that the browser tests do not cover.

use leptos::prelude::*;
use logto_leptos::{
    SessionId, Timestamp,
    store::{Saved, SessionStore as _, StoredSession},
};
use serde_json::{Value, json};

use super::{claims::show, own_store::OwnStore};

fn html(value: Value, time: Option<&str>) -> String {
    show(value, time.map(str::to_owned)).to_html()
}

#[test]
fn a_null_claim_is_shown_as_null() {
    assert!(html(Value::Null, None).contains(">null<"));
}

#[test]
fn a_list_of_texts_is_a_list_and_other_values_are_json() {
    assert!(html(json!(["a", "b"]), None).contains("<li>a</li>"));
    assert!(html(json!([]), None).contains(">[]<"));
    assert!(html(json!({ "seats": 5 }), None).contains("\"seats\": 5"));
}

#[test]
fn a_time_is_shown_as_text() {
    let shown = html(json!(1_705_311_000), Some("2024-01-15T09:30:00Z"));
    assert!(shown.contains(">2024-01-15T09:30:00Z<"), "{shown}");
}

#[test]
fn markup_in_a_claim_is_text() {
    for claim in [
        json!("<script>x</script>"),
        json!({ "a": "<script>x</script>" }),
        json!(["<script>x</script>"]),
    ] {
        let shown = html(claim, None);
        assert!(!shown.contains("<script>"), "{shown}");
    }
}

fn stored(version: u64, sid: Option<&str>) -> StoredSession {
    StoredSession {
        version,
        sealed: String::new(),
        sub: "u1".to_owned(),
        sid: sid.map(str::to_owned),
        expires: Timestamp::from_secs(100),
    }
}

#[tokio::test]
async fn the_own_store_compares_before_it_swaps_and_forgets_expired_sessions() {
    let (store, id) = (OwnStore::default(), SessionId::from_text(&"A".repeat(43)).unwrap());
    let (now, later) = (Timestamp::from_secs(1), Timestamp::from_secs(100));
    assert_eq!(store.save(&id, None, stored(1, None), now).await.unwrap(), Saved::Done);
    assert_eq!(
        store.save(&id, None, stored(2, None), now).await.unwrap(),
        Saved::Conflict
    );
    assert_eq!(
        store.save(&id, Some(1), stored(2, Some("s")), now).await.unwrap(),
        Saved::Done
    );
    assert_eq!(store.load(&id, now).await.unwrap().unwrap().version, 2);
    assert_eq!(store.load(&id, later).await.unwrap(), None);
    assert_eq!(store.delete_by_sub_without_sid("u1").await.unwrap(), 0);
    assert_eq!(store.delete_expired(now, 10).await.unwrap(), 0);
    assert_eq!(store.delete_expired(later, 0).await.unwrap(), 0);
    assert_eq!(store.delete_expired(later, 10).await.unwrap(), 1);
    assert_eq!(store.delete_by_sid("s").await.unwrap(), 0);
}
