//! Ten thousand random and ten thousand changed cookies. Each is rejected without an error and
//! removed, unless it names another key, because another instance may have that key.

mod change;
mod random;
mod scene;

use http::StatusCode;
use proptest::{prelude::*, sample::Index};

use self::scene::{Scene, to_cookies};

#[test]
fn rejects_10_000_random_cookies() {
    let scene = Scene::new();
    scene.assert_rejected(&random::values(), |values| {
        let values = values.iter().map(|value| value.bytes(&scene)).collect();
        Some((&scene.cookies, values))
    });
}

#[test]
fn rejects_10_000_changed_cookies() {
    let scene = Scene::new();
    scene.assert_rejected(&(any::<Index>(), change::change()), |(which, change)| {
        let which = which.index(scene.genuine.len());
        Some((scene.app(which), change.applied(&scene, which)?))
    });
}

#[test]
fn accepts_the_cookies_before_they_are_changed() {
    let scene = Scene::new();
    for (which, genuine) in scene.genuine.iter().enumerate() {
        let answer = scene.ask(scene.app(which), &to_cookies(&genuine.parts));
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "active"));
    }
    assert!(scene.genuine.iter().any(|genuine| genuine.parts.len() > 1));
}
