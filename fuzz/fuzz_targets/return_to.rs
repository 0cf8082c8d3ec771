//! Return paths: an accepted path has the same origin for a browser.
#![no_main]

use http::HeaderValue;
use libfuzzer_sys::fuzz_target;
use logto_axum::ReturnTo;
use url::Url;

const PAGES: [&str; 3] = [
    "https://app.example/",
    "http://localhost:3000//odd//page?query#fragment",
    "http://[::1]:8080/base/",
];

fuzz_target!(|text: &str| {
    let Some(path) = ReturnTo::parse(text) else { return };
    for page in PAGES {
        let page = Url::parse(page).expect("a URL");
        for target in [path.as_str(), text] {
            let target = page.join(target).expect("an accepted path is a relative reference");
            assert_eq!(target.origin(), page.origin());
            assert!(target.username().is_empty() && target.password().is_none());
        }
    }
    assert!(HeaderValue::from_str(path.as_str()).is_ok());
    assert_eq!(ReturnTo::parse(path.as_str()).as_ref(), Some(&path));
});
