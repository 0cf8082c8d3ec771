//! Logout tokens: the raw text, and three lines that become the base64 parts of a token.
#![no_main]

use std::sync::LazyLock;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use libfuzzer_sys::fuzz_target;
use logto::LogoutToken;
use logto_fuzz::App;

static APP: LazyLock<App> = LazyLock::new(App::start);

fuzz_target!(|data: &str| {
    check(data);
    let mut lines = data.splitn(3, '\n').map(|line| BASE64_URL_SAFE_NO_PAD.encode(line));
    let mut next = || lines.next().unwrap_or_default();
    check(&format!("{}.{}.{}", next(), next(), next()));
});

/// The fuzzer does not have the private key, so no token is accepted.
fn check(token: &str) {
    let read = LogoutToken::parse(token);
    let verified = APP.block_on(APP.client.verify_logout_token(token));
    match read {
        Err(error) => assert_eq!(verified.err(), Some(error)),
        Ok(_) => assert!(verified.is_err()),
    }
}
