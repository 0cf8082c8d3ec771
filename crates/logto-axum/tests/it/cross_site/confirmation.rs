//! The confirmation pages that links and prefetches get.

use http::{Method, StatusCode};

use super::request;
use crate::app::App;

#[tokio::test]
async fn links_and_prefetches_get_a_confirmation_page_and_neither_sign_in_nor_out() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for (path, button) in [
        ("/sign-in", "<button>Sign in</button>"),
        ("/sign-out", "<button>Sign out</button>"),
    ] {
        for (method, headers) in [
            (Method::GET, &[][..]),
            (Method::HEAD, &[]),
            (
                Method::GET,
                &[("sec-purpose", "prefetch;prerender"), ("sec-fetch-mode", "navigate")],
            ),
            (
                Method::GET,
                &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")],
            ),
        ] {
            let answer = browser.send(request(method.clone(), path, headers)).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert!(answer.cookies.is_empty());
            assert!(
                method == Method::HEAD
                    || answer
                        .body
                        .contains(&format!("<form method=post action=\"?\">{button}")),
                "{}",
                answer.body
            );
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        }
    }
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn the_confirmation_page_keeps_a_valid_return_path_and_no_other_input() {
    let app = App::start().await;
    let page = app
        .browser()
        .get("/sign-in?return_to=/profile%3Ftab%3D1%26x%3D%2522")
        .await;
    let field = r#"<input type=hidden name="return_to" value="/profile?tab=1&amp;x=%22">"#;
    assert!(page.body.contains(field), "{}", page.body);
    for bad in [
        "//evil.example",
        "https://evil.example",
        "%22%3E%3Cscript%3E",
        "/%5Cevil.example",
    ] {
        let page = app
            .browser()
            .get(&format!("/sign-in?return_to={bad}&x=%3Cscript%3E"))
            .await;
        assert!(
            page.body.contains("<form method=post action=\"?\"><button>"),
            "{}",
            page.body
        );
        assert!(
            !page.body.contains("evil") && !page.body.contains("script"),
            "{}",
            page.body
        );
    }
}
