//! The session cookie: forged values, and arbitrary content inside the seal.
#![no_main]

use std::{io::Write as _, sync::LazyLock};

use flate2::{Compression, write::DeflateEncoder};
use http::{HeaderValue, StatusCode};
use libfuzzer_sys::fuzz_target;
use logto::{seal::Purpose, session::Session};
use logto_fuzz::{App, SESSION};

static APP: LazyLock<App> = LazyLock::new(App::start);

fuzz_target!(|data: &[u8]| {
    forged(data);
    unsealed(data);
    unsealed(&deflated(data));
});

/// A forged cookie signs no user in and is removed.
fn forged(data: &[u8]) {
    let cookies = [SESSION.as_bytes(), b"=", data].concat();
    let Ok(cookies) = HeaderValue::from_bytes(&cookies) else {
        return;
    };
    let answer = APP.open("/", cookies);
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "anonymous"));
    assert!(answer.removes(SESSION));
}

/// Arbitrary content does no harm. A session in it survives serialization.
fn unsealed(payload: &[u8]) {
    let sealed = format!("{SESSION}={}", APP.sealed(Purpose::Session, SESSION, payload));
    if let Ok(cookies) = HeaderValue::from_str(&sealed) {
        assert_eq!(APP.open("/", cookies).status, StatusCode::OK);
    }
    let read = |payload: &[u8]| Session::from_unsealed(&APP.unsealed(Purpose::Session, SESSION, payload));
    let Ok(session) = read(payload) else {
        return;
    };
    let written = session.to_bytes().expect("a session can be written");
    let read = read(&written).expect("a written session can be read");
    assert_eq!(read.to_bytes().ok(), Some(written));
}

/// Compresses the data, because the fuzzer cannot.
fn deflated(json: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(json).expect("memory");
    encoder.finish().expect("memory")
}
