//! Admins who promote and remove members.

use logto_testing::{Form, Page};

use super::{DELETE, LEAVE, MANAGE, REMOVE, SET_ADMIN, call, start};

/// The form of a member's button.
fn form_of(page: &Page, path: &str, member_id: &str) -> Form {
    let forms = page.forms();
    let mut of_member = forms.iter().filter(|form| form.field("member_id") == Some(member_id));
    of_member.find(|form| form.action().path() == path).cloned().unwrap()
}

#[tokio::test]
async fn the_last_admin_hands_over_and_leaves() {
    let app = start().await;
    let (ada, bob) = (app.working_in("acme", "ada").await, app.working_in("acme", "bob").await);
    bob.get(MANAGE).await;
    let page = ada.get(MANAGE).await;
    let form = form_of(&page, SET_ADMIN, &app.provider.user("bob").id);
    assert!(page.text().contains("Make admin bob"), "{}", page.text());
    for _ in 0..2 {
        let page = ada.submit(&form).await;
        assert!(page.text().contains("Remove the role admin bob"), "{}", page.text());
    }
    assert_eq!(app.roles_in("acme", "bob").await, ["member", "admin"]);
    let page = ada.submit(&page.form(LEAVE)).await;
    assert!(page.text().contains("No organization is active."), "{}", page.text());
    assert!(app.organizations_of("ada").await.is_empty());
    // At once, although the session of the new admin has a token without the permission.
    let page = bob.get(MANAGE).await;
    assert!(page.text().contains("There is no open invitation."), "{}", page.text());
}

#[tokio::test]
async fn an_admin_steps_back_only_if_there_is_another_one() {
    let app = start().await;
    let ada = app.working_in("acme", "ada").await;
    let (id, bob) = (app.provider.user("ada").id, app.provider.user("bob").id);
    let step_back = [
        ("organization_id", "acme"),
        ("member_id", id.as_str()),
        ("admin", "false"),
    ];
    for (path, fields) in [(SET_ADMIN, &step_back[..]), (REMOVE, &step_back[..2])] {
        let refused = call(&ada, path, fields).await;
        assert!(refused.body().contains("LastAdmin"), "{path} {}", refused.body());
    }
    assert_eq!(app.roles_in("acme", "ada").await, ["admin"]);
    let promote = [
        ("organization_id", "acme"),
        ("member_id", bob.as_str()),
        ("admin", "true"),
    ];
    assert_eq!(call(&ada, SET_ADMIN, &promote).await.status(), 200);
    assert_eq!(call(&ada, SET_ADMIN, &step_back).await.status(), 200);
    // Still a member who sees the others.
    assert_eq!(app.roles_in("acme", "ada").await, ["member"]);
    assert!(
        ada.get(MANAGE)
            .await
            .text()
            .contains("Only members with the permission")
    );
    assert_eq!(call(&ada, SET_ADMIN, &step_back).await.status(), 403);
}

#[tokio::test]
async fn a_removed_member_sees_nothing_more() {
    let app = start().await;
    let (ada, bob) = (app.working_in("acme", "ada").await, app.working_in("acme", "bob").await);
    bob.get(MANAGE).await;
    let page = ada.get(MANAGE).await;
    let form = form_of(&page, REMOVE, &app.provider.user("bob").id);
    let page = ada.submit(&form).await;
    assert!(!page.body().contains(REMOVE), "{}", page.text());
    assert!(app.organizations_of("bob").await.is_empty());
    let page = bob.get(MANAGE).await;
    assert!(
        page.text().contains("You do not have the permission"),
        "{}",
        page.text()
    );
    let page = ada.submit(&form).await;
    assert!(
        page.text().contains("This user is no longer a member"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn only_an_admin_changes_members_and_only_those_of_the_organization() {
    let app = start().await;
    let (ada, bob) = (app.working_in("acme", "ada").await, app.working_in("acme", "bob").await);
    let id = |user: &str| app.provider.user(user).id;
    let page = bob.get(MANAGE).await;
    assert!(!page.body().contains(SET_ADMIN) && !page.body().contains(REMOVE));
    for organization in ["acme", "globex", "", "../acme"] {
        let member = id("bob");
        let fields = [
            ("organization_id", organization),
            ("member_id", member.as_str()),
            ("admin", "true"),
        ];
        assert_eq!(call(&bob, SET_ADMIN, &fields).await.status(), 403, "{organization}");
        assert_eq!(call(&bob, REMOVE, &fields[..2]).await.status(), 403, "{organization}");
    }
    let outsider = id("eve");
    for member in [outsider.as_str(), "unknown", "", "..", "a/b", "a\u{0}b"] {
        for admin in ["true", "false"] {
            let fields = [("organization_id", "acme"), ("member_id", member), ("admin", admin)];
            let refused = call(&ada, SET_ADMIN, &fields).await;
            assert!(refused.body().contains("NoSuchMember"), "{member} {}", refused.body());
        }
        let refused = call(&ada, REMOVE, &[("organization_id", "acme"), ("member_id", member)]).await;
        assert!(refused.body().contains("NoSuchMember"), "{member} {}", refused.body());
    }
    assert_eq!(app.roles_in("acme", "ada").await, ["admin"]);
    assert_eq!(app.roles_in("acme", "bob").await, ["member"]);
    assert!(app.organizations_of("eve").await.is_empty());
}

#[tokio::test]
async fn an_admin_deletes_an_organization_that_concerns_no_other_user() {
    let app = start().await;
    let (ada, bob) = (app.working_in("acme", "ada").await, app.working_in("acme", "bob").await);
    assert!(!bob.get(MANAGE).await.body().contains(DELETE));
    assert_eq!(call(&bob, DELETE, &[("organization_id", "acme")]).await.status(), 403);
    let invitation = app.invite("acme", "eve@example.com").await;
    let page = ada.get(MANAGE).await;
    assert!(page.text().contains("Delete Acme"), "{}", page.text());
    let delete = page.form(DELETE);
    let with_members = ada.submit(&delete).await;
    let bob = app.provider.user("bob").id;
    app.management.remove_organization_member("acme", &bob).await.unwrap();
    let with_invitations = ada.submit(&delete).await;
    for page in [with_members, with_invitations] {
        assert!(
            page.text().contains("Remove the other members and revoke"),
            "{}",
            page.text()
        );
    }
    app.management.revoke_invitation(&invitation).await.unwrap();
    assert!(app.management.organization("acme").await.is_ok());
    for _ in 0..2 {
        let page = ada.submit(&delete).await;
        assert!(page.text().contains("No organization is active."), "{}", page.text());
    }
    assert!(app.management.organization("acme").await.is_err());
}
