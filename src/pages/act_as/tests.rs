//! Forms that were written by hand, and failures of Logto. The browser tests use the page.

use http::StatusCode;
use logto_testing::{Endpoint, HttpFault, Page, TestProviderBuilder, User};

use crate::pages::test_app::{self, App, MANAGEMENT, call, path_of};

const ACT_AS: &str = "/fn/act-as/start";

/// `ada` is a manager. `bob` is not.
fn provider() -> TestProviderBuilder {
    test_app::provider()
        .token_exchange()
        .user(User::new("ada").with_name("Ada <i>").with_role("manager"))
        .user(User::new("bob").with_name("Bob <b>"))
}

async fn start() -> App {
    App::with(provider(), &MANAGEMENT).await
}

/// The text of the banner. The panes of code contain such texts too.
fn banner(page: &Page) -> Option<String> {
    let (_, after) = page.body().split_once(r#"class="acting""#)?;
    let (_, after) = after.split_once("<p>")?;
    Some(after.split_once("</p>")?.0.to_owned())
}

#[tokio::test]
async fn a_manager_acts_as_a_user_and_every_page_says_so() {
    let app = start().await;
    let browser = app.signed_in("ada").await;
    let page = browser.get("/act-as").await;
    let forms = page.forms();
    let form = forms.iter().find(|form| form.field("user_id").is_some());
    let form = form.unwrap_or_else(|| panic!("{}", page.text()));
    assert_eq!(form.field("user_id"), Some(app.id("bob").as_str()), "not oneself");
    let page = browser.submit(form).await;
    assert_eq!(path_of(&page), "/act-as");
    for path in [
        "/act-as",
        "/",
        "/streaming",
        "/no-such-page",
        "/auth-error?code=access_denied",
    ] {
        let page = browser.get(path).await;
        assert_eq!(
            banner(&page).as_deref(),
            Some("You are acting as Bob &lt;b&gt;."),
            "{path}"
        );
        assert!(
            page.body().contains("Ada &lt;i&gt;"),
            "{path}: the header names the agent"
        );
    }
    let stop = browser.get("/profile").await.form("/fn/act-as/stop");
    let page = browser.submit(&stop).await;
    assert_eq!((path_of(&page), banner(&page)), ("/profile", None));
}

#[tokio::test]
async fn a_user_without_the_role_is_refused_before_a_call_of_the_management_api() {
    let app = start().await;
    let browser = app.signed_in("bob").await;
    let page = browser.get("/act-as").await;
    assert!(page.forms().iter().all(|form| form.field("user_id").is_none()));
    assert!(page.text().contains("Code: forbidden"), "{}", page.text());
    let ada = app.id("ada");
    assert_eq!(
        call(&browser, ACT_AS, &[("user_id", &ada)]).await.status(),
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        call(&browser, "/fn/act-as/users", &[]).await.status(),
        StatusCode::FORBIDDEN
    );
    assert_eq!(app.provider.requests(Endpoint::Management), 0);
    let page = browser.post_form(ACT_AS, [("user_id", ada.as_str())]).await;
    assert_eq!(banner(&page), None);
}

#[tokio::test]
async fn a_visitor_is_refused() {
    let app = start().await;
    let browser = app.visitor();
    for (path, fields) in [
        (ACT_AS, &[("user_id", "u")][..]),
        ("/fn/act-as/users", &[]),
        ("/fn/act-as/products", &[("user_id", "u")]),
    ] {
        let page = call(&browser, path, fields).await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(call(&browser, "/fn/act-as/stop", &[]).await.status(), StatusCode::OK);
    let page = browser.get("/act-as").await;
    assert_eq!(page.status(), StatusCode::OK, "the page shows its code to visitors");
}

#[tokio::test]
async fn an_id_from_a_form_that_names_no_other_user_changes_nothing() {
    let app = start().await;
    let browser = app.signed_in("ada").await;
    let ada = app.id("ada");
    let long = "x".repeat(10_000);
    for (id, error) in [
        ("no-such-user", "NoSuchUser"),
        ("../users", "NoSuchUser"),
        ("", "NoSuchUser"),
        (&long, "NoSuchUser"),
        (&ada, "acting_as_self"),
    ] {
        let page = call(&browser, ACT_AS, &[("user_id", id)]).await;
        assert!(page.body().contains(error), "{id}: {}", page.body());
        assert_eq!(banner(&browser.get("/act-as").await), None, "{id}");
    }
}

/// The session still has the role, and Logto has taken it away.
#[tokio::test]
async fn a_manager_who_has_lost_the_role_neither_starts_nor_reads() {
    let app = start().await;
    let browser = app.signed_in("ada").await;
    let bob = app.id("bob");
    assert_eq!(
        call(&browser, ACT_AS, &[("user_id", &bob)]).await.status(),
        StatusCode::OK
    );
    app.provider.update_user("ada", |user| user.roles.clear());
    app.provider.clear_log();
    let again = call(&browser, ACT_AS, &[("user_id", &bob)]).await;
    assert_eq!(again.status(), StatusCode::FORBIDDEN, "{}", again.body());
    assert_eq!(app.provider.requests(Endpoint::Management), 0);
    let read = call(&browser, "/fn/act-as/products", &[("user_id", &bob)]).await;
    assert_eq!(read.status(), StatusCode::FORBIDDEN);
    assert!(read.body().contains("forbidden"), "{}", read.body());
}

#[tokio::test]
async fn a_manager_cannot_act_as_a_user_with_more_roles() {
    let app = start().await;
    let browser = app.signed_in("ada").await;
    let bob = app.id("bob");
    for roles in [&["manager"][..], &["reader", "admin"], &["Reader"]] {
        app.provider.update_user("bob", |user| {
            user.roles = roles.iter().map(ToString::to_string).collect();
        });
        let page = call(&browser, ACT_AS, &[("user_id", &bob)]).await;
        assert!(page.body().contains("NotAllowed"), "{roles:?}: {}", page.body());
        assert_eq!(banner(&browser.get("/act-as").await), None, "{roles:?}");
    }
    app.provider
        .update_user("bob", |user| user.roles = vec!["reader".to_owned()]);
    assert_eq!(
        call(&browser, ACT_AS, &[("user_id", &bob)]).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_form_for_another_user_than_the_present_one_reads_nothing() {
    let app = start().await;
    let browser = app.signed_in("ada").await;
    let bob = app.id("bob");
    assert_eq!(
        call(&browser, ACT_AS, &[("user_id", &bob)]).await.status(),
        StatusCode::OK
    );
    let read = call(&browser, "/fn/act-as/products", &[("user_id", &app.id("ada"))]).await;
    assert_eq!(read.status(), StatusCode::FORBIDDEN);
    assert!(read.body().contains("not_acting"), "{}", read.body());
}

#[tokio::test]
async fn a_page_without_a_machine_app_says_what_to_set() {
    let app = App::with(provider(), &[]).await;
    let browser = app.signed_in("ada").await;
    let page = browser.get("/act-as").await;
    assert!(page.text().contains("LOGTO_MANAGEMENT_APP_ID"), "{}", page.text());
    let page = call(&browser, ACT_AS, &[("user_id", &app.id("bob"))]).await;
    assert!(page.body().contains("NotSetUp"), "{}", page.body());
}

#[tokio::test]
async fn a_failure_of_logto_is_shown_and_nothing_is_saved() {
    let app = start().await;
    let browser = app.signed_in("ada").await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Management));
    let page = browser.get("/act-as").await;
    assert!(
        page.text().contains("Logto cannot be reached, or it refused the call"),
        "{}",
        page.text()
    );
    app.provider.clear_faults();
    app.provider.fault(HttpFault::Status(503).at(Endpoint::UserInfo));
    let page = call(&browser, ACT_AS, &[("user_id", &app.id("bob"))]).await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    app.provider.clear_faults();
    assert_eq!(banner(&browser.get("/act-as").await), None);
}
