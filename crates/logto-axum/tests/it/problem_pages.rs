//! Error pages for signed-in users offer only actions that help.

use axum::body::Body;
use http::{Request, StatusCode};

use crate::{
    access_denied::lose_access,
    app::{Answer, App, BASE, Browser},
};

async fn open(browser: &Browser<'_>, path: &str) -> Answer {
    let request = Request::get(path).header("sec-fetch-dest", "document");
    browser.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_user_without_permission_is_not_asked_to_sign_in() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let page = open(&browser, "/token-for?organization=initech").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    for part in ["<h1>No permission</h1>", "<code>access_denied</code>"] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    assert!(
        !page.body.contains("<form") && !page.body.contains("ign in"),
        "{}",
        page.body
    );

    let failed = open(&browser, "/callback?failed=access_denied").await;
    for part in ["<h1>You did not sign in</h1>", "<button>Sign in</button>"] {
        assert!(failed.body.contains(part), "{part} in {}", failed.body);
    }
}

#[tokio::test]
async fn a_user_who_lost_access_can_try_again_or_sign_out_but_not_sign_in() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    lose_access(&app);
    let page = open(&browser, "/me?tab=1").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let again = format!("<a href=\"{BASE}/me?tab=1\">Try again</a>");
    let sign_out = format!("<form method=post action=\"{BASE}/sign-out\"><button>Sign out</button></form>");
    for part in ["<code>app_access_denied</code>", &again, &sign_out] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    assert!(!page.body.contains("Sign in"), "{}", page.body);
    assert_eq!(page.body.matches("<form").count(), 1);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains(&format!("form-action 'self' {BASE}")), "{policy}");
}
