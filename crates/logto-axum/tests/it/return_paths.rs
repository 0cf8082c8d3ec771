//! Return paths: every accepted path stays on this site for every base URL.

use http::HeaderValue;
use logto_axum::ReturnTo;
use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestRunner};
use url::{Url, form_urlencoded};

use crate::app::{App, BASE, SESSION};

/// Base URLs, each with a page on which a browser may follow the path.
const BASES: [(&str, &str); 5] = [
    ("https://app.example", "https://app.example/"),
    ("https://app.example", "https://app.example/deep/page?query#fragment"),
    ("http://localhost:3000", "http://localhost:3000//odd//page"),
    ("https://app.example/base/path", "https://app.example/base/path/page"),
    ("http://[::1]:8080/app", "http://[::1]:8080/app/"),
];

/// Pieces that lead to another site in some parser, and ordinary ones.
const PIECES: [&str; 54] = [
    "/",
    "/",
    "/",
    "//",
    "///",
    "\\",
    "\\\\",
    "/\\",
    "\t",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\u{0}",
    "\u{b}",
    "\u{c}",
    "\u{1f}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{200b}",
    "\u{feff}",
    "\u{ff0f}",
    "\u{ff3c}",
    "\u{ff0e}",
    "\u{3002}",
    ".",
    "..",
    "%2e",
    "%2E%2e",
    "%2f",
    "%5c",
    "%09",
    "%0a",
    "%0d%0a",
    "%00",
    "%",
    "%25",
    "@",
    "user:password@",
    ":",
    ":80",
    "https:",
    "http://",
    "javascript:",
    "evil.example",
    "b\u{fc}cher.example",
    "xn--bcher-kva.example",
    "\u{1f600}",
    "[::1]",
    "127.1",
    "?",
    "#",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => select(&PIECES[..]).prop_map(str::to_owned),
        1 => "[a-z0-9]{1,3}",
        1 => any::<char>().prop_map(String::from),
        // Longer than fits into a cookie after encoding.
        1 => (400..1200_usize, select(&["a", "\u{fc}", "\u{1f600}", "/"][..])).prop_map(|(count, piece)| piece.repeat(count)),
    ];
    // Most start with a slash, otherwise nearly all would be rejected at the first character.
    (prop_oneof![3 => Just("/"), 1 => Just("")], vec(piece, 0..8))
        .prop_map(|(slash, pieces)| slash.to_owned() + &pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_accepted_path_stays_on_this_site(text in text()) {
        let Some(path) = ReturnTo::parse(&text) else { return Ok(()) };
        for (base, page) in BASES {
            let page = Url::parse(page).unwrap();
            for target in [page.join(path.as_str()).unwrap(), page.join(&text).unwrap()] {
                prop_assert_eq!(target.origin(), page.origin());
                prop_assert!(target.username().is_empty() && target.password().is_none());
            }
            // The routes append it to the base URL.
            let target = Url::parse(&format!("{base}{path}")).unwrap();
            prop_assert_eq!(target.origin(), page.origin());
            prop_assert!(target.as_str().starts_with(&format!("{base}/")), "{target} has left {base}");
        }
    }

    #[test]
    fn an_accepted_path_is_a_valid_header_value(text in text()) {
        let Some(path) = ReturnTo::parse(&text) else { return Ok(()) };
        prop_assert!(path.as_str().bytes().all(|byte| byte.is_ascii_graphic()), "{path}");
        prop_assert!(HeaderValue::from_str(path.as_str()).is_ok());
    }

    #[test]
    fn parsing_an_accepted_path_again_returns_it_unchanged(text in text()) {
        let Some(path) = ReturnTo::parse(&text) else { return Ok(()) };
        prop_assert_eq!(ReturnTo::parse(path.as_str()), Some(path));
    }

    #[test]
    fn accepts_an_ordinary_path_unchanged(path in "(/[a-zA-Z0-9_~@:!$&()*+,;=-]{1,12}){1,4}/?([?][a-z0-9=&/?]{0,12})?(#[a-z0-9=&/?]{0,12})?") {
        let parsed = ReturnTo::parse(&path);
        prop_assert_eq!(parsed.as_ref().map(ReturnTo::as_str), Some(path.as_str()));
    }
}

/// Each case is a complete sign-in, so there are fewer of them.
#[test]
fn a_sign_in_with_any_post_redirect_ends_on_this_site() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let app = runtime.block_on(App::start());
    app.provider.sign_in_as("ada");
    let config = ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(&text(), |text| {
        let target = runtime.block_on(signed_in_for(&app, &text));
        let path = target.strip_prefix(BASE);
        prop_assert!(path.is_some_and(|path| path.starts_with('/')), "{target}");
        prop_assert_eq!(
            Url::parse(&target).unwrap().origin(),
            Url::parse(BASE).unwrap().origin()
        );
        let expected = ReturnTo::parse(&text).unwrap_or_else(ReturnTo::home);
        prop_assert_eq!(path, Some(expected.as_str()));
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// Signs in with `post_redirect`; returns where the callback redirects to.
async fn signed_in_for(app: &App, post_redirect: &str) -> String {
    let browser = app.browser();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("to", post_redirect)
        .finish();
    let answer = browser.get(&format!("/go?{query}")).await;
    let callback = app.provider.authorize(&answer.location()).await;
    let answer = browser.get(callback.strip_prefix(BASE).unwrap()).await;
    assert!(browser.has(SESSION), "{answer:?}");
    answer.location()
}
