//! Ten thousand cookies that are made up and ten thousand that were changed: none signs anybody in,
//! none ends in an error, and the browser is rid of every one of them, except those that name
//! another key: they may be another instance's.

mod change;
mod random;
mod scene;

use http::StatusCode;
use proptest::{prelude::*, sample::Index};

use self::scene::{Scene, written};

#[test]
fn rejects_10_000_random_cookies() {
    let scene = Scene::set();
    scene.refuses(&random::values(), |values| {
        let values = values.iter().map(|value| value.bytes(&scene)).collect();
        Some((&scene.cookies, values))
    });
}

#[test]
fn rejects_10_000_changed_cookies() {
    let scene = Scene::set();
    scene.refuses(&(any::<Index>(), change::change()), |(which, change)| {
        let which = which.index(scene.genuine.len());
        Some((scene.app(which), change.applied(&scene, which)?))
    });
}

#[test]
fn accepts_the_cookies_before_they_are_changed() {
    let scene = Scene::set();
    for (which, genuine) in scene.genuine.iter().enumerate() {
        let answer = scene.ask(scene.app(which), &written(&genuine.parts));
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "active"));
    }
    assert!(scene.genuine.iter().any(|genuine| genuine.parts.len() > 1));
}
