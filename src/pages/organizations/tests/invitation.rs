//! The page of an invitation.

use logto_leptos::management::InvitationStatus;
use logto_testing::Endpoint;

use super::{App, JOIN, MANAGEMENT, call, path_of, provider, start};

#[tokio::test]
async fn the_link_changes_nothing_and_the_button_joins_once() {
    let app = start().await;
    let id = app.invite("acme", "eve@example.com").await;
    let link = format!("/invitations/{id}");
    let browser = app.visitor();
    app.provider.sign_in_as("eve");
    let page = browser.get(&link).await;
    assert_eq!(path_of(&page), link, "back from the sign-in");
    assert!(
        page.text().contains("eve@example.com has been invited to join Acme."),
        "{}",
        page.text()
    );
    assert_eq!(app.status(&id).await, InvitationStatus::Pending);
    let sign_ins = app.provider.requests(Endpoint::Authorization);
    let form = page.form(JOIN);
    for _ in 0..2 {
        let page = browser.submit(&form).await;
        assert_eq!(path_of(&page), link);
        assert!(page.text().contains("You are now a member of Acme."), "{}", page.text());
        assert!(page.text().contains("urn:logto:organization:acme"), "{}", page.text());
    }
    assert_eq!(app.organizations_of("eve").await.len(), 1);
    assert_eq!(
        app.provider.requests(Endpoint::Authorization),
        sign_ins,
        "no second sign-in"
    );
}

#[tokio::test]
async fn another_user_learns_nothing_about_the_invitation_and_cannot_join() {
    let app = start().await;
    let id = app.invite("globex", "eve@example.com").await;
    let link = format!("/invitations/{id}");
    let browser = app.signed_in("bob").await;
    let page = browser.get(&link).await;
    assert!(
        page.text().contains("This invitation is for another account."),
        "{}",
        page.text()
    );
    assert!(!page.body().contains("eve@example.com") && !page.body().contains("Globex"));
    let page = browser.post_form(JOIN, [("invitation_id", id.as_str())]).await;
    assert!(
        page.text().contains("This invitation is for another account."),
        "{}",
        page.text()
    );
    assert_eq!(app.status(&id).await, InvitationStatus::Pending);
    // The way on: Logto asks for an account, and leads back to the link.
    let page = browser.get(&link).await;
    let forms = page.forms();
    let forms: Vec<_> = forms.iter().filter(|form| form.field("prompt").is_some()).collect();
    let first_screens: Vec<_> = forms.iter().map(|form| form.field("first_screen")).collect();
    assert_eq!(first_screens, [None, Some("register")]);
    for form in forms {
        app.provider.sign_in_as("eve");
        let page = browser.submit(form).await;
        assert_eq!(path_of(&page), link);
        assert!(
            page.text().contains("eve@example.com has been invited to join Globex."),
            "{}",
            page.text()
        );
    }
}

#[tokio::test]
async fn the_address_that_logto_has_decides_and_not_that_of_the_sign_in() {
    // Without the scope `email`, the claims have no address.
    let scopes = [("LOGTO_SCOPES", "urn:logto:scope:organizations")];
    let app = App::with(provider(), &[&MANAGEMENT[..], &scopes].concat()).await;
    let id = app.invite("globex", "eve@example.org").await;
    let link = format!("/invitations/{id}");
    let browser = app.signed_in("eve").await;
    let page = browser.get(&link).await;
    assert!(page.text().contains("for another account"), "{}", page.text());
    app.provider
        .update_user("eve", |eve| eve.email = Some("eve@example.org".to_owned()));
    let page = browser.get(&link).await;
    let page = browser.submit(&page.form(JOIN)).await;
    assert!(
        page.text().contains("You are now a member of Globex."),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn an_invitation_that_is_over_says_so() {
    let app = start().await;
    let invite = async || app.invite("globex", "eve@example.com").await;
    let revoked = invite().await;
    app.management.revoke_invitation(&revoked).await.unwrap();
    let left = invite().await;
    let eve = app.provider.user("eve").id;
    app.management.accept_invitation(&left, &eve).await.unwrap();
    app.management.remove_organization_member("globex", &eve).await.unwrap();
    let expired = invite().await;
    let browser = app.signed_in("eve").await;
    app.provider.clock().advance(8 * 86_400);
    for (id, text) in [
        (&revoked, "This invitation has been revoked."),
        (&left, "This invitation has already been accepted."),
        (&expired, "This invitation has expired."),
    ] {
        let page = browser.get(&format!("/invitations/{id}")).await;
        assert!(page.text().contains(text), "{}", page.text());
        assert!(!page.body().contains(JOIN), "no button");
        let refused = call(&browser, JOIN, &[("invitation_id", id)]).await;
        if *id == left {
            // Joining again after an accepted invitation is idempotent.
            assert_eq!(refused.status(), 200, "{}", refused.body());
        } else {
            assert!(refused.body().contains("InvitationClosed"), "{}", refused.body());
        }
    }
    assert!(app.provider.user("eve").memberships.is_empty());
}

#[tokio::test]
async fn an_id_that_names_no_invitation_says_so_and_reaches_no_other_call() {
    let app = start().await;
    let browser = app.signed_in("eve").await;
    let long = "x".repeat(10_000);
    for id in [
        "unknown",
        "..%2Forganizations%2Facme",
        "a%2Fb",
        "a%00b",
        "a%0d%0ab",
        "%ff",
        "%C3%A9",
        &long,
    ] {
        let page = browser.get(&format!("/invitations/{id}")).await;
        assert!(
            page.text().contains("There is no such invitation."),
            "{id:.20} {}",
            page.text()
        );
        let refused = call(&browser, JOIN, &[("invitation_id", id)]).await;
        assert!(
            refused.body().contains("InvitationClosed"),
            "{id:.20} {}",
            refused.body()
        );
    }
    let calls = app
        .provider
        .log()
        .into_iter()
        .filter(|it| it.endpoint == Endpoint::Management);
    let paths: Vec<_> = calls.map(|it| it.path).collect();
    assert!(
        paths
            .iter()
            .all(|path| path.starts_with("/api/organization-invitations/unknown")),
        "{paths:?}"
    );
}
