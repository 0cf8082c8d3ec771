//! Invitations to organizations, by the Management API.

use logto::{
    Diagnose as _, ManagementErrorKind,
    management::{InvitationMessage, InvitationStatus, NewInvitation, NewOrganization},
};
use logto_testing::User;

use crate::management::{builder, in_a_week, kind, start, start_with};

#[tokio::test]
async fn an_invitation_is_accepted_by_the_user_who_has_the_address() {
    let bob = User::new("bob").with_email("bob@example.com");
    let (harness, management) = start_with(builder().user(User::new("ada")).user(bob)).await;
    let new = NewInvitation::new("acme", "bob@example.com", in_a_week(&harness))
        .with_inviter("usr_ada")
        .with_role("role_admin");
    let sent = management.invite(&new).await.unwrap();
    assert_eq!(
        (&sent.status, sent.organization_id.as_str()),
        (&InvitationStatus::Pending, "acme")
    );
    assert_eq!(sent.expires_at.unwrap().timestamp(), in_a_week(&harness));
    let twice = management.invite(&new).await.unwrap_err();
    assert_eq!(
        (twice.kind(), twice.code()),
        (Some(ManagementErrorKind::Conflict), "management_conflict")
    );

    let stranger = management.accept_invitation(&sent.id, "usr_ada").await;
    assert_eq!(kind(stranger), ManagementErrorKind::Invalid, "another email address");
    management.accept_invitation(&sent.id, "usr_bob").await.unwrap();
    let accepted = management.invitation(&sent.id).await.unwrap();
    assert_eq!(
        (accepted.status, accepted.accepted_user_id.as_deref()),
        (InvitationStatus::Accepted, Some("usr_bob"))
    );
    assert_eq!(
        management.user_organizations("usr_bob").await.unwrap()[0].organization_roles[0].name,
        "admin"
    );
    for outcome in [
        management.accept_invitation(&sent.id, "usr_bob").await,
        management.revoke_invitation(&sent.id).await,
        management.invite(&new).await.map(drop),
    ] {
        assert_eq!(
            kind(outcome),
            ManagementErrorKind::Invalid,
            "final, or already a member"
        );
    }
}

#[tokio::test]
async fn the_invitations_to_an_organization_are_listed_and_no_others() {
    let (harness, management) = start().await;
    let invite = async |organization_id: &str, email: &str| {
        let invitation = NewInvitation::new(organization_id, email, in_a_week(&harness));
        management.invite(&invitation).await.unwrap().id
    };
    let (revoked, open) = (
        invite("acme", "a@example.com").await,
        invite("acme", "b@example.com").await,
    );
    invite("globex", "c@example.com").await;
    management.revoke_invitation(&revoked).await.unwrap();
    let listed = management.organization_invitations("acme").await.unwrap();
    let listed: Vec<_> = listed.into_iter().map(|it| (it.id, it.status)).collect();
    assert_eq!(
        listed,
        [(revoked, InvitationStatus::Revoked), (open, InvitationStatus::Pending)]
    );
    assert!(management.organization_invitations("none").await.unwrap().is_empty());
}

#[tokio::test]
async fn an_invitation_that_was_revoked_or_has_expired_cannot_be_accepted() {
    let (harness, management) = start().await;
    let ada = "ada@example.com";
    let create = async || {
        let initech = management
            .create_organization(&NewOrganization::new("Initech"))
            .await
            .unwrap();
        let new = NewInvitation::new(&initech.id, ada, in_a_week(&harness));
        management.invite(&new).await.unwrap().id
    };
    let (revoked, expired) = (create().await, create().await);
    management.revoke_invitation(&revoked).await.unwrap();
    assert_eq!(
        management.invitation(&revoked).await.unwrap().status,
        InvitationStatus::Revoked
    );
    assert_eq!(
        kind(management.accept_invitation(&revoked, "usr_ada").await),
        ManagementErrorKind::Invalid
    );
    let past = NewInvitation::new("globex", "new@example.com", harness.client.now());
    assert_eq!(
        kind(management.invite(&past).await),
        ManagementErrorKind::Invalid,
        "it has to end in the future"
    );
    harness.provider.clock().advance(7 * 86_400);
    assert_eq!(
        management.invitation(&expired).await.unwrap().status,
        InvitationStatus::Expired
    );
    assert_eq!(
        kind(management.accept_invitation(&expired, "usr_ada").await),
        ManagementErrorKind::Invalid
    );
}

#[tokio::test]
async fn a_mail_without_a_connector_is_named() {
    let (harness, management) = start().await;
    let message = InvitationMessage::new().with("link", "https://app.example.com/i");
    let new = NewInvitation::new("acme", "new@example.com", in_a_week(&harness));
    let error = management
        .invite(&new.clone().with_message(message.clone()))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.is_transient()),
        (Some(ManagementErrorKind::ConnectorMissing), false)
    );
    let sent = management.invite(&new).await.unwrap();
    let resent = management.resend_invitation(&sent.id, &message).await;
    assert_eq!(kind(resent), ManagementErrorKind::ConnectorMissing);
}
