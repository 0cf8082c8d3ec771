//! Logout tokens, which anybody may send: as they come, and with the parts that are base64 given
//! decoded, a line each.
#![no_main]

use std::sync::LazyLock;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use libfuzzer_sys::fuzz_target;
use logto::LogoutToken;
use logto_fuzz::App;

static APP: LazyLock<App> = LazyLock::new(App::start);

fuzz_target!(|data: &str| {
    judge(data);
    let mut lines = data.splitn(3, '\n').map(|line| BASE64_URL_SAFE_NO_PAD.encode(line));
    let mut next = || lines.next().unwrap_or_default();
    judge(&format!("{}.{}.{}", next(), next(), next()));
});

/// Nobody has the key: whatever is read, none is verified.
fn judge(token: &str) {
    let read = LogoutToken::parse(token);
    let verified = APP.block_on(APP.client.verify_logout_token(token));
    match read {
        Err(error) => assert_eq!(verified.err(), Some(error)),
        Ok(_) => assert!(verified.is_err()),
    }
}
