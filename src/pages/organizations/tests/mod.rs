//! Forms of organizations and invitations that were written by hand, and failures of Logto. The
//! browser tests fill in the forms of the pages.

mod admins;
mod create;
mod invitation;
mod members;

use logto_leptos::management::{InvitationStatus, NewInvitation, UserOrganization};
use logto_testing::{Browser, Membership, Organization, OrganizationRole, TestProviderBuilder, User};

use crate::pages::test_app::{self, App, MANAGEMENT, call, path_of};

const MANAGE: &str = "/organizations/manage";
const CREATE: &str = "/fn/organizations/create";
const INVITE: &str = "/fn/organizations/invite";
const REVOKE: &str = "/fn/organizations/revoke";
const SET_ADMIN: &str = "/fn/organizations/set-admin";
const REMOVE: &str = "/fn/organizations/remove-member";
const LEAVE: &str = "/fn/organizations/leave";
const DELETE: &str = "/fn/organizations/delete";
const JOIN: &str = "/fn/invitations/join";

fn admin() -> OrganizationRole {
    member("admin").with_permission("write:members")
}

fn member(name: &str) -> OrganizationRole {
    OrganizationRole::new(name).with_permission("read:members")
}

fn provider() -> TestProviderBuilder {
    provider_without_admins().organization_role(admin())
}

/// `ada` is the admin of `acme`, `bob` a member. `eve` is in no organization.
fn provider_without_admins() -> TestProviderBuilder {
    let user = |name: &str| User::new(name).with_email(&format!("{name}@example.com"));
    let of_acme = |role: &str| Membership::of("acme").with_role(role).with_permission("read:members");
    test_app::provider()
        .organization(Organization::new("acme", "Acme"))
        .organization(Organization::new("globex", "Globex"))
        .organization_role(member("member"))
        .user(user("ada").with_organization(of_acme("admin").with_permission("write:members")))
        .user(user("bob").with_organization(of_acme("member")))
        .user(user("eve"))
}

async fn start() -> App {
    App::with(provider(), &MANAGEMENT).await
}

impl App {
    /// A browser in which a user has signed in and works in an organization.
    async fn working_in(&self, organization_id: &str, user: &str) -> Browser {
        let browser = self.signed_in(user).await;
        browser
            .post_form("/organization", [("organization_id", organization_id)])
            .await;
        browser
    }

    async fn organizations_of(&self, user: &str) -> Vec<UserOrganization> {
        let id = self.provider.user(user).id;
        self.management.user_organizations(&id).await.unwrap()
    }

    /// Invites an address to an organization, for a week.
    async fn invite(&self, organization_id: &str, email: &str) -> String {
        let until = self.logto.client().now().plus(7 * 86_400);
        let invitation = NewInvitation::new(organization_id, email, until);
        self.management.invite(&invitation).await.unwrap().id
    }

    /// The names of a member's roles.
    async fn roles_in(&self, organization_id: &str, user: &str) -> Vec<String> {
        let own = self.organizations_of(user).await.into_iter();
        let mut own = own.filter(|own| own.organization.id == organization_id);
        let roles = own.next().unwrap().organization_roles.into_iter();
        roles.map(|role| role.name).collect()
    }

    /// Takes a role from a member, as an administrator does in the Logto console.
    async fn take_role(&self, organization_id: &str, user: &str, role: &str) {
        let roles = self.management.organization_roles().all().await.unwrap();
        let role = roles.into_iter().find(|held| held.name == role).unwrap();
        let user = self.provider.user(user).id;
        let taken = self
            .management
            .remove_organization_role(organization_id, &user, &role.id);
        taken.await.unwrap();
    }

    async fn status(&self, invitation_id: &str) -> InvitationStatus {
        self.management.invitation(invitation_id).await.unwrap().status
    }
}
