//! The cookie of a sign-in: forged, and with whatever content a seal could hold.
#![no_main]

use std::sync::LazyLock;

use http::HeaderValue;
use libfuzzer_sys::fuzz_target;
use logto::{SignInTransaction, seal::Purpose};
use logto_fuzz::{App, SESSION, UnderWay};

static SCENE: LazyLock<(App, UnderWay)> = LazyLock::new(|| {
    let app = App::start();
    let under_way = app.begin_sign_in();
    (app, under_way)
});

fuzz_target!(|data: &[u8]| {
    let (app, under_way) = &*SCENE;
    come_back(data);
    come_back(app.sealed(Purpose::Transaction, &under_way.cookie, data).as_bytes());

    let Some(transaction) = SignInTransaction::from_bytes(data) else {
        return;
    };
    let written = transaction.to_bytes();
    let read = SignInTransaction::from_bytes(&written).expect("what was written can be read");
    assert_eq!(read.to_bytes(), written);
});

/// Nobody signs in with it, and the browser is rid of it.
fn come_back(value: &[u8]) {
    let (app, under_way) = &*SCENE;
    let cookies = [under_way.cookie.as_bytes(), b"=", value].concat();
    let Ok(cookies) = HeaderValue::from_bytes(&cookies) else {
        return;
    };
    let path = format!(
        "/callback?code=code&iss=https://provider.example/oidc&state={}",
        under_way.state
    );
    let answer = app.open(&path, cookies);
    assert!(answer.is_failure(), "{} {:?}", answer.status, answer.location);
    assert!(!answer.cookies.iter().any(|cookie| cookie.starts_with(SESSION)));
}
