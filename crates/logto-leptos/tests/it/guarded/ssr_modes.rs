//! Tests that `<Protect>` renders its content in place, in every `SsrMode`.

use http::StatusCode;
use logto_testing::{Browser, Page};

use super::Guarded;

const MODES: [&str; 4] = ["out-of-order", "partially-blocked", "in-order", "async"];

async fn open(browser: &Browser, mode: &str) -> Page {
    browser.get(&format!("/several/{mode}")).await
}

/// The main part of the page, without the markers for the browser.
fn content(page: &Page) -> String {
    let (_, rest) = page.body().split_once("<main>").unwrap();
    let (main, _) = rest.split_once("</main>").unwrap();
    let parts = main.split('<').filter_map(|part| part.split_once('>'));
    let texts = parts.map(|(_, text)| text).filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join("|")
}

#[track_caller]
fn assert_shows(page: &Page, expected: &str) {
    assert_eq!(content(page), expected, "{page:?}");
    let (_, body) = page.body().split_once("<body>").unwrap();
    assert!(!body.contains("<template"), "it needs JavaScript: {page:?}");
}

#[tokio::test]
async fn the_content_is_in_place_in_every_mode_without_javascript() {
    let app = Guarded::start().await;
    for mode in MODES {
        let browser = app.signed_in("ada").await;
        // At first the scope needs a request to the provider. Then its token is cached.
        for _ in 0..2 {
            let page = open(&browser, mode).await;
            assert_eq!(page.status(), StatusCode::OK, "{mode}");
            assert_shows(
                &page,
                "for members|for admins|the products|their prices|their costs|for admins again|the end",
            );
        }
    }
}

/// Also that of a requirement within one that needs a request to the provider.
#[tokio::test]
async fn a_refusal_is_in_place_in_every_mode_and_sets_the_status() {
    let app = Guarded::start().await;
    let refusal = "Your account does not have permission for this.";
    for mode in MODES {
        let browser = app.signed_in("bob").await;
        for _ in 0..2 {
            let page = open(&browser, mode).await;
            assert_eq!(page.status(), StatusCode::FORBIDDEN, "{mode}");
            assert_shows(
                &page,
                &format!("for members|Admins see more|the products|{refusal}|{refusal}|{refusal}|the end"),
            );
        }
    }
}

#[tokio::test]
async fn a_visitor_goes_to_the_provider_in_every_mode() {
    let app = Guarded::start().await;
    for mode in MODES {
        let page = app.browser().get(&format!("/several/{mode}")).without_redirects().await;
        assert_eq!(page.status(), StatusCode::SEE_OTHER, "{mode}");
    }
}

/// The browser hydrates what the server has rendered, whatever the mode.
#[tokio::test]
async fn every_mode_has_the_same_html() {
    let app = Guarded::start().await;
    for user in ["ada", "bob"] {
        let mut pages = Vec::new();
        for mode in MODES {
            let page = open(&app.signed_in(user).await, mode).await;
            let (_, rest) = page.body().split_once("<main>").unwrap();
            let main = rest.split_once("</main>").unwrap().0;
            pages.push(main.replace(&format!("/several/{mode}"), "/several"));
        }
        for page in &pages {
            assert_eq!(*page, pages[0]);
        }
    }
}
