//! The query of the callback, with a sign-in under way: nobody signs in, and nothing of the query
//! comes back.
#![no_main]

use std::sync::LazyLock;

use http::{HeaderValue, Uri};
use libfuzzer_sys::fuzz_target;
use logto::CallbackRequest;
use logto_fuzz::{App, SESSION, UnderWay};

static SCENE: LazyLock<(App, UnderWay)> = LazyLock::new(|| {
    let app = App::start();
    let under_way = app.begin_sign_in();
    (app, under_way)
});

fuzz_target!(|query: &str| {
    let (app, under_way) = &*SCENE;
    // The fuzzer cannot guess it.
    let query = query.replace("STATE", &under_way.state);
    let _ = CallbackRequest::parse("https://app.example/callback", &query);

    let path = format!("/callback?{query}");
    let cookies = HeaderValue::from_str(&format!("{}={}", under_way.cookie, under_way.sealed));
    let (Ok(_), Ok(cookies)) = (path.parse::<Uri>(), cookies) else {
        return;
    };
    let answer = app.open(&path, cookies);
    assert!(!answer.cookies.iter().any(|cookie| cookie.starts_with(SESSION)));
    // The plain page of an app without an error page answers to this.
    let is_plain_page = query.starts_with("failed=") && answer.status == 400;
    assert!(
        answer.is_failure() || is_plain_page,
        "{} {:?}",
        answer.status,
        answer.location
    );
});
