//! Requests that no page of this app makes.

use http::{Method, StatusCode};
use logto_testing::Endpoint;

use super::{ACCOUNT, CONFIRM, END, Fields, JWT, LIST, LOAD, PASSWORD, SAVE, sessions_of, start};
use crate::pages::test_app::call;

const SAVED: Fields<'static> = &[("name", "Eve"), ("theme", "light")];

#[tokio::test]
async fn a_visitor_is_refused_before_a_call_of_logto() {
    let app = start().await;
    let elsewhere = app.provider.sign_in_elsewhere("ada");
    let before = app.stored("ada");
    let visitor = app.visitor();
    let calls: [(&str, Fields<'_>); 5] = [
        (LOAD, &[]),
        (SAVE, SAVED),
        (CONFIRM, &[("password", PASSWORD)]),
        (LIST, &[]),
        (END, &[("uid", &elsewhere)]),
    ];
    for (path, fields) in calls {
        let page = call(&visitor, path, fields).await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED, "{path} {}", page.body());
        assert!(page.body().contains("not_signed_in"), "{path} {}", page.body());
        assert!(!page.body().contains(JWT), "{path}");
    }
    let page = visitor.get(ACCOUNT).await;
    assert_eq!(page.status(), StatusCode::OK, "the page shows its code to visitors");
    assert_eq!(app.provider.requests(Endpoint::Account), 0);
    assert_eq!(app.stored("ada"), before);
}

#[tokio::test]
async fn a_link_or_another_site_changes_nothing() {
    let app = start().await;
    let elsewhere = app.provider.sign_in_elsewhere("ada");
    let browser = app.confirmed("ada").await;
    let (before, own) = (app.stored("ada"), sessions_of(&browser).await);
    let calls: [(&str, Fields<'_>); 3] = [
        (SAVE, SAVED),
        (CONFIRM, &[("password", PASSWORD)]),
        (END, &[("uid", &elsewhere)]),
    ];
    for (path, fields) in calls {
        let query: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let link = format!("{path}?{}", query.join("&").replace(' ', "+"));
        for page in [browser.click(&link).await, browser.fetch(&link).await] {
            assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED, "{link}");
        }
        browser.get(ACCOUNT).await;
        for site in ["https://evil.example/page", "http://localhost:4000/page"] {
            let form = browser.post_form(path, fields.iter().copied()).from_page(site).await;
            let script = browser.fetch(path).form(fields.iter().copied()).from_page(site).await;
            let put = browser
                .fetch(path)
                .method(Method::PUT)
                .form(fields.iter().copied())
                .await;
            assert_eq!(put.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
            for page in [form, script] {
                assert_eq!(page.status(), StatusCode::FORBIDDEN, "{path} {site} {}", page.body());
                assert!(
                    page.body().contains("cross_site_request"),
                    "{path} {site} {}",
                    page.body()
                );
                app.assert_no_secret(&page);
            }
        }
    }
    assert_eq!((app.stored("ada"), app.changing_calls()), (before, 0));
    assert_eq!(sessions_of(&browser).await, own);
}
