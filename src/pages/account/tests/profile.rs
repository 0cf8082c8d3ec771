//! Name and theme.

use http::StatusCode;
use serde_json::json;

use super::{ACCOUNT, Fields, LOAD, SAVE, start};
use crate::pages::test_app::{call, path_of};

#[tokio::test]
async fn an_invalid_name_or_theme_is_refused_before_a_call_of_logto() {
    let app = start().await;
    let browser = app.on_account_page("ada").await;
    let before = app.stored("ada");
    let (long, very_long) = ("ä".repeat(129), "x".repeat(100_000));
    for (name, theme, field) in [
        ("", "dark", "account-name"),
        (" \t\n", "dark", "account-name"),
        (&long, "dark", "account-name"),
        (&very_long, "dark", "account-name"),
        ("Eve", "", "account-theme"),
        ("Eve", "neon", "account-theme"),
        ("Eve", "Dark", "account-theme"),
        ("Eve", "dark\u{0}", "account-theme"),
        ("Eve", &very_long, "account-theme"),
    ] {
        let fields = [("name", name), ("theme", theme)];
        let refused = call(&browser, SAVE, &fields).await;
        let error = if field == "account-name" { "Name" } else { "Theme" };
        assert_eq!(refused.json::<String>(), error, "{name:.20} {theme:.20}");
        app.assert_no_secret(&refused);
        // The form of a browser leads back to the page, which marks the field.
        browser.get(ACCOUNT).await;
        let page = browser.post_form(SAVE, fields).await;
        assert_eq!((page.status(), path_of(&page)), (StatusCode::OK, ACCOUNT));
        let (_, error) = page.body().split_once(&format!(r#"<p id="{field}-error""#)).unwrap();
        let (error, _) = error.split_once("</p>").unwrap();
        assert!(error.contains("Please enter a valid value."), "{name:.20} {error}");
        app.assert_no_secret(&page);
    }
    assert_eq!((app.stored("ada"), app.changing_calls()), (before, 0));
}

#[tokio::test]
async fn a_name_of_128_characters_is_saved() {
    let app = start().await;
    let browser = app.on_account_page("ada").await;
    let longest = "ä".repeat(128);
    let page = call(&browser, SAVE, &[("name", &format!(" {longest} ")), ("theme", "light")]).await;
    assert_eq!(page.status(), StatusCode::OK, "{}", page.body());
    app.assert_no_secret(&page);
    assert_eq!(app.stored("ada").0, Some(longest));
}

#[tokio::test]
async fn fields_that_the_form_does_not_have_change_nothing() {
    let app = start().await;
    let browser = app.on_account_page("ada").await;
    let (ada, bob) = (app.provider.user("ada"), app.stored("bob"));
    let bobs_id = app.id("bob");
    let page = call(
        &browser,
        SAVE,
        &[
            ("name", "Countess"),
            ("theme", "light"),
            ("id", &bobs_id),
            ("user_id", &bobs_id),
            ("username", "root"),
            ("avatar", "https://evil.example/x.png"),
            ("isSuspended", "true"),
            ("customData[plan]", "free"),
            ("__proto__", "x"),
        ],
    )
    .await;
    assert_eq!(page.status(), StatusCode::OK, "{}", page.body());
    let changed = app.provider.user("ada");
    assert_eq!(changed.name.as_deref(), Some("Countess"));
    assert_eq!(changed.custom_data, json!({ "theme": "light", "plan": "pro" }));
    assert_eq!(
        (changed.username, changed.picture, changed.suspended, changed.email),
        (ada.username, ada.picture, ada.suspended, ada.email)
    );
    assert_eq!(app.stored("bob"), bob);
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_an_invalid_request() {
    let app = start().await;
    let browser = app.on_account_page("ada").await;
    let before = app.stored("ada");
    let forms: [Fields<'_>; 4] = [
        &[],
        &[("name", "Eve")],
        &[("theme", "dark")],
        &[("name[first]", "Eve"), ("theme", "dark")],
    ];
    for fields in forms {
        let expected = (StatusCode::BAD_REQUEST, "invalid_arguments");
        app.assert_refused(&browser, (SAVE, fields), expected).await;
    }
    assert_eq!((app.stored("ada"), app.changing_calls()), (before, 0));
}

#[tokio::test]
async fn a_tenant_without_the_account_api_refuses_and_the_page_says_why() {
    let app = start().await;
    let browser = app.on_account_page("ada").await;
    let before = app.stored("ada");
    app.provider.set_account_center(false);
    let calls: [(&str, Fields<'_>); 2] = [(LOAD, &[]), (SAVE, &[("name", "Eve"), ("theme", "dark")])];
    for (path, fields) in calls {
        let page = call(&browser, path, fields).await;
        assert!(page.body().contains("account_not_enabled"), "{path} {}", page.body());
        app.assert_no_secret(&page);
    }
    let page = browser.get(ACCOUNT).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().contains("account_not_enabled"), "{}", page.text());
    assert_eq!(app.stored("ada"), before);
}
