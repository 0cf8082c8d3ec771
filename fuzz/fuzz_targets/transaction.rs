//! The transaction cookie: forged values, and arbitrary content inside the seal.
#![no_main]

use std::sync::LazyLock;

use http::HeaderValue;
use libfuzzer_sys::fuzz_target;
use logto::{SignInTransaction, seal::Purpose};
use logto_fuzz::{App, PendingSignIn, SESSION};

static SCENE: LazyLock<(App, PendingSignIn)> = LazyLock::new(|| {
    let app = App::start();
    let pending = app.begin_sign_in();
    (app, pending)
});

fuzz_target!(|data: &[u8]| {
    let (app, pending) = &*SCENE;
    callback(data);
    callback(app.sealed(Purpose::Transaction, &pending.cookie, data).as_bytes());

    let Some(transaction) = SignInTransaction::from_bytes(data) else {
        return;
    };
    let written = transaction.to_bytes();
    let read = SignInTransaction::from_bytes(&written).expect("a written transaction can be read");
    assert_eq!(read.to_bytes(), written);
});

/// The callback with this cookie signs no user in.
fn callback(value: &[u8]) {
    let (app, pending) = &*SCENE;
    let cookies = [pending.cookie.as_bytes(), b"=", value].concat();
    let Ok(cookies) = HeaderValue::from_bytes(&cookies) else {
        return;
    };
    let path = format!(
        "/callback?code=code&iss=https://provider.example/oidc&state={}",
        pending.state
    );
    let answer = app.open(&path, cookies);
    assert!(answer.is_failure(), "{} {:?}", answer.status, answer.location);
    assert!(!answer.cookies.iter().any(|cookie| cookie.starts_with(SESSION)));
}
