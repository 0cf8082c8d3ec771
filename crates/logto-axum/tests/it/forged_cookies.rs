//! Ten thousand random and ten thousand changed cookies. Each is rejected without an error and
//! removed, unless it names another key, because another instance may have that key.

mod change;
mod fixture;
mod random;

use http::StatusCode;
use proptest::{prelude::*, sample::Index};

use self::fixture::{Fixture, to_cookies};

#[test]
fn rejects_10_000_random_cookies() {
    let fixture = Fixture::new();
    fixture.assert_rejected(&random::values(), |values| {
        let values = values.iter().map(|value| value.bytes(&fixture)).collect();
        Some((&fixture.cookies, values))
    });
}

#[test]
fn rejects_10_000_changed_cookies() {
    let fixture = Fixture::new();
    fixture.assert_rejected(&(any::<Index>(), change::change()), |(which, change)| {
        let which = which.index(fixture.genuine.len());
        Some((fixture.app(which), change.applied(&fixture, which)?))
    });
}

#[test]
fn accepts_the_cookies_before_they_are_changed() {
    let fixture = Fixture::new();
    for (which, genuine) in fixture.genuine.iter().enumerate() {
        let answer = fixture.ask(fixture.app(which), &to_cookies(&genuine.parts));
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "active"));
    }
    assert!(fixture.genuine.iter().any(|genuine| genuine.parts.len() > 1));
}
