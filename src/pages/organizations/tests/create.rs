//! Creation of an organization, and what the pages say if they cannot reach Logto.

use logto_testing::{Endpoint, HttpFault};

use super::{
    App, CREATE, INVITE, JOIN, LEAVE, MANAGE, MANAGEMENT, call, path_of, provider, provider_without_admins, start,
};
use crate::pages::test_app::BASE;

#[tokio::test]
async fn the_creator_is_the_admin_and_works_in_the_organization_at_once() {
    let app = start().await;
    let browser = app.signed_in("eve").await;
    let sign_ins = app.provider.requests(Endpoint::Authorization);
    let page = browser.get(MANAGE).await;
    let page = browser
        .submit(&page.form(CREATE).with_field("name", "  Initech "))
        .await;
    assert_eq!(path_of(&page), MANAGE);
    assert!(page.text().contains("There is no open invitation."), "{}", page.text());
    assert!(page.text().contains("Leave Initech"), "{}", page.text());
    let of_eve = app.organizations_of("eve").await;
    assert_eq!(of_eve[0].organization.name, "Initech");
    assert_eq!(of_eve[0].organization_roles[0].name, "admin");
    assert_eq!(
        app.provider.requests(Endpoint::Authorization),
        sign_ins,
        "no second sign-in"
    );
}

#[tokio::test]
async fn a_form_that_is_sent_twice_creates_one_organization() {
    let app = start().await;
    let browser = app.signed_in("eve").await;
    let page = browser.get(MANAGE).await;
    let form = page.form(CREATE).with_field("name", "Initech");
    browser.submit(&form).await;
    let page = browser.submit(&form).await;
    assert!(
        page.text()
            .contains("You are already in an organization with this name.")
    );
    assert_eq!(app.organizations_of("eve").await.len(), 1);
}

#[tokio::test]
async fn a_failed_refresh_does_not_read_as_a_failed_creation() {
    let app = start().await;
    let browser = app.signed_in("eve").await;
    let page = browser.get(MANAGE).await;
    // The app and the test now have their tokens for the Management API.
    browser.submit(&page.form(CREATE).with_field("name", "Initech")).await;
    assert_eq!(app.organizations_of("eve").await.len(), 1);
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Token));
    let form = page.form(CREATE).with_field("name", "Hooli");
    let page = browser.submit(&form).await;
    assert_eq!(page.url().trim_end_matches('?'), format!("{BASE}{MANAGE}"), "no error");
    assert_eq!(app.organizations_of("eve").await.len(), 2);
}

#[tokio::test]
async fn a_name_that_logto_does_not_take_is_not_sent() {
    let app = start().await;
    let browser = app.signed_in("eve").await;
    for name in ["", " \t", "a\u{0}b", "a\nb", &"x".repeat(129), &"x".repeat(10_000)] {
        browser.get(MANAGE).await;
        let page = browser.post_form(CREATE, [("name", name)]).await;
        assert!(
            page.text().contains("Please enter a name of at most 128 characters."),
            "{name:.20}"
        );
        assert!(!page.url().contains("xxx"), "{}", page.url());
    }
    assert!(app.organizations_of("eve").await.is_empty());
    let page = browser
        .post_form(CREATE, [("name", "<i>\u{e9}".repeat(32).as_str())])
        .await;
    assert!(page.text().contains("Leave <i>\u{e9}<i>"), "{}", page.text());
    assert!(!page.body().contains("Leave <i>"), "{}", page.body());
}

#[tokio::test]
async fn a_creation_that_fails_halfway_leaves_no_organization_behind() {
    let app = App::with(provider_without_admins(), &MANAGEMENT).await;
    let browser = app.signed_in("eve").await;
    browser.get(MANAGE).await;
    let page = browser.post_form(CREATE, [("name", "Initech")]).await;
    assert!(page.text().contains("Logto refused the call."), "{}", page.text());
    let all: Vec<serde_json::Value> = app.management.get(&["organizations"]).await.unwrap();
    assert_eq!(all.len(), 2, "{all:?}");
}

#[tokio::test]
async fn while_logto_is_away_the_pages_and_the_forms_say_so_and_change_nothing() {
    let app = start().await;
    let browser = app.working_in("acme", "ada").await;
    let page = browser.get(MANAGE).await;
    let (create, invite) = (page.form(CREATE).with_field("name", "Initech"), page.form(INVITE));
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Management));
    for form in [create, invite.with_field("email", "eve@example.com")] {
        let page = browser.submit(&form).await;
        assert!(page.text().contains("Logto cannot be reached."), "{}", page.text());
    }
    for path in [MANAGE, "/invitations/i1"] {
        let page = browser.get(path).await;
        assert!(page.text().contains("Logto cannot be reached."), "{}", page.text());
    }
    app.provider.clear_faults();
    assert_eq!(app.organizations_of("ada").await.len(), 1);
}

#[tokio::test]
async fn without_a_machine_app_the_pages_say_what_to_set() {
    let app = App::with(provider(), &[]).await;
    let browser = app.working_in("acme", "ada").await;
    let page = browser.get(MANAGE).await;
    assert!(page.text().contains("Set LOGTO_MANAGEMENT_APP_ID"), "{}", page.text());
    assert!(!page.body().contains(CREATE) && !page.body().contains(INVITE));
    for (path, fields) in [
        (CREATE, &[("name", "Initech")][..]),
        (INVITE, &[("organization_id", "acme"), ("email", "eve@example.com")]),
        (LEAVE, &[("organization_id", "acme")]),
        (JOIN, &[("invitation_id", "i1")]),
    ] {
        assert!(call(&browser, path, fields).await.body().contains("NotSetUp"), "{path}");
    }
    let page = browser.get("/invitations/i1").await;
    assert!(
        page.text().contains("This app cannot manage organizations"),
        "{}",
        page.text()
    );
}
