//! Invitations, and members who leave.

use logto_leptos::management::{InvitationStatus, OrganizationRoles};

use super::{CREATE, INVITE, LEAVE, MANAGE, REVOKE, call, path_of, start};

#[tokio::test]
async fn only_a_member_with_the_permission_invites_and_revokes_whatever_the_form_says() {
    let app = start().await;
    let open = app.invite("acme", "new@example.com").await;
    let browser = app.working_in("acme", "bob").await;
    let page = browser.get(MANAGE).await;
    assert!(
        page.text().contains("Only members with the permission write:members"),
        "{}",
        page.text()
    );
    assert!(!page.body().contains(INVITE) && !page.body().contains("new@example.com"));
    let long = "x".repeat(10_000);
    for id in [
        "acme",
        "globex",
        "unknown",
        "",
        ".",
        "../acme",
        "acme/users",
        "acme\u{0}",
        "acme\r\nx: y",
        &long,
    ] {
        let refused = call(
            &browser,
            INVITE,
            &[("organization_id", id), ("email", "eve@example.com")],
        )
        .await;
        assert_eq!(refused.status(), 403, "{id:.20} {}", refused.body());
        let fields = [("organization_id", id), ("invitation_id", open.as_str())];
        assert_eq!(call(&browser, REVOKE, &fields).await.status(), 403, "{id:.20}");
    }
    let all = app.management.organization_invitations("acme").await.unwrap();
    assert_eq!((all.len(), &all[0].status), (1, &InvitationStatus::Pending));
    let visitor = app.visitor();
    let refused = call(
        &visitor,
        INVITE,
        &[("organization_id", "acme"), ("email", "eve@example.com")],
    )
    .await;
    assert_eq!(refused.status(), 401);
    // The form of a browser leads back to the page, which says why.
    browser.get(MANAGE).await;
    let page = browser
        .post_form(INVITE, [("organization_id", "acme"), ("email", "eve@example.com")])
        .await;
    assert_eq!(path_of(&page), MANAGE);
    assert!(
        page.text().contains("You do not have the permission"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn an_admin_who_was_demoted_or_removed_can_no_longer_change_the_organization() {
    for is_removed in [false, true] {
        let app = start().await;
        let open = app.invite("acme", "new@example.com").await;
        let browser = app.working_in("acme", "ada").await;
        // The session now has a token with the permission.
        let page = browser.get(MANAGE).await;
        let invite = page.form(INVITE).with_field("email", "ada@example.org");
        let ada = app.provider.user("ada").id;
        if is_removed {
            app.management.remove_organization_member("acme", &ada).await.unwrap();
        } else {
            let member = OrganizationRoles::names(["member"]);
            app.management
                .assign_organization_roles("acme", &ada, &member)
                .await
                .unwrap();
            app.take_role("acme", "ada", "admin").await;
        }
        let page = browser.submit(&invite).await;
        assert!(
            page.text().contains("You do not have the permission"),
            "{}",
            page.text()
        );
        assert!(!page.body().contains("new@example.com"), "{}", page.text());
        for (path, fields) in [
            (INVITE, &[("email", "ada@example.org")][..]),
            (REVOKE, &[("invitation_id", open.as_str())]),
        ] {
            let fields = [fields, &[("organization_id", "acme")]].concat();
            let refused = call(&browser, path, &fields).await;
            assert_eq!(refused.status(), 403, "{path} {}", refused.body());
            assert!(refused.body().contains("forbidden"), "{path} {}", refused.body());
        }
        let all = app.management.organization_invitations("acme").await.unwrap();
        assert_eq!((all.len(), &all[0].status), (1, &InvitationStatus::Pending));
    }
}

#[tokio::test]
async fn an_admin_cannot_revoke_the_invitation_of_another_organization() {
    let app = start().await;
    let foreign = app.invite("globex", "new@example.com").await;
    let browser = app.working_in("acme", "ada").await;
    for id in [foreign.as_str(), "unknown", "../x", "", "a\u{0}b"] {
        let fields = [("organization_id", "acme"), ("invitation_id", id)];
        let refused = call(&browser, REVOKE, &fields).await;
        assert_eq!(refused.status(), 500, "{id}");
        assert!(refused.body().contains("InvitationClosed"), "{id} {}", refused.body());
    }
    assert_eq!(app.status(&foreign).await, InvitationStatus::Pending);
}

#[tokio::test]
async fn each_refused_invitation_is_explained() {
    let app = start().await;
    let browser = app.working_in("acme", "ada").await;
    let page = browser.get(MANAGE).await;
    let form = page.form(INVITE);
    browser
        .submit(&form.clone().with_field("email", " eve@example.com "))
        .await;
    let long = format!("{}@example.com", "x".repeat(300));
    for (email, text) in [
        (
            "eve@example.com",
            "There is already an open invitation for this address.",
        ),
        ("bob@example.com", "A member has this email address"),
        ("", "Please enter an email address."),
        ("eve", "Please enter an email address."),
        ("a b@example.com", "Please enter an email address."),
        ("a@b@example.com", "Please enter an email address."),
        ("eve\r\nbcc@example.com", "Please enter an email address."),
        (&long, "Please enter an email address."),
    ] {
        let page = browser.submit(&form.clone().with_field("email", email)).await;
        assert!(page.text().contains(text), "{email:.20} {}", page.text());
    }
    let all = app.management.organization_invitations("acme").await.unwrap();
    let all: Vec<_> = all.iter().map(|it| it.invitee.as_str()).collect();
    assert_eq!(all, ["eve@example.com"]);
}

#[tokio::test]
async fn open_invitations_are_limited() {
    let app = start().await;
    let first = app.invite("acme", "0@example.com").await;
    for number in 1..50 {
        app.invite("acme", &format!("{number}@example.com")).await;
    }
    let browser = app.working_in("acme", "ada").await;
    let page = browser.get(MANAGE).await;
    let form = page.form(INVITE).with_field("email", "eve@example.com");
    let page = browser.submit(&form).await;
    assert!(page.text().contains("too many open invitations"), "{}", page.text());
    app.management.revoke_invitation(&first).await.unwrap();
    browser.submit(&form).await;
    let all = app.management.organization_invitations("acme").await.unwrap();
    assert_eq!(all.last().unwrap().invitee, "eve@example.com");
}

#[tokio::test]
async fn a_form_names_the_organization_that_its_page_showed() {
    let app = start().await;
    let browser = app.working_in("acme", "ada").await;
    let page = browser.get(MANAGE).await;
    let (invite, leave) = (page.form(INVITE), page.form(LEAVE));
    // Another tab.
    browser.post_form(CREATE, [("name", "Initech")]).await;
    browser.submit(&invite.with_field("email", "eve@example.com")).await;
    let all = app.management.organization_invitations("acme").await.unwrap();
    assert_eq!(all.len(), 1);
    browser.submit(&leave).await;
    assert_eq!(app.organizations_of("ada").await.len(), 2, "the last admin of Acme");
}

#[tokio::test]
async fn a_member_leaves_and_the_last_admin_stays() {
    let app = start().await;
    let ada = app.working_in("acme", "ada").await;
    let page = ada.get(MANAGE).await;
    let page = ada.submit(&page.form(LEAVE)).await;
    assert!(
        page.text().contains("The organization needs an admin."),
        "{}",
        page.text()
    );

    let bob = app.working_in("acme", "bob").await;
    let page = bob.get(MANAGE).await;
    let leave = page.form(LEAVE);
    let page = bob.submit(&leave).await;
    assert!(page.text().contains("No organization is active."), "{}", page.text());
    assert!(app.organizations_of("bob").await.is_empty());
    assert_eq!(
        call(&bob, LEAVE, &[("organization_id", "acme")]).await.status(),
        403,
        "no longer a member"
    );

    // Alone now, and the organization is not deleted by leaving it.
    let page = ada.get(MANAGE).await;
    let page = ada.submit(&page.form(LEAVE)).await;
    assert!(
        page.text().contains("The organization needs an admin."),
        "{}",
        page.text()
    );
    assert!(app.management.organization("acme").await.is_ok());
}
