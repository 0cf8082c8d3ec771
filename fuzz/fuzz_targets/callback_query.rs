//! The query of the callback during a sign-in: it signs no user in, and the response does not
//! repeat it.
#![no_main]

use std::sync::LazyLock;

use http::{HeaderValue, Uri};
use libfuzzer_sys::fuzz_target;
use logto::CallbackRequest;
use logto_fuzz::{App, PendingSignIn, SESSION};

static SCENE: LazyLock<(App, PendingSignIn)> = LazyLock::new(|| {
    let app = App::start();
    let pending = app.begin_sign_in();
    (app, pending)
});

fuzz_target!(|query: &str| {
    let (app, pending) = &*SCENE;
    // The fuzzer cannot guess the state.
    let query = query.replace("STATE", &pending.state);
    let _ = CallbackRequest::parse("https://app.example/callback", &query);

    let path = format!("/callback?{query}");
    let cookies = HeaderValue::from_str(&format!("{}={}", pending.cookie, pending.sealed));
    let (Ok(_), Ok(cookies)) = (path.parse::<Uri>(), cookies) else {
        return;
    };
    let answer = app.open(&path, cookies);
    assert!(!answer.cookies.iter().any(|cookie| cookie.starts_with(SESSION)));
    // This query opens the plain page of an app without an error page.
    let is_plain_page = query.starts_with("failed=") && answer.status == 400;
    assert!(
        answer.is_failure() || is_plain_page,
        "{} {:?}",
        answer.status,
        answer.location
    );
});
