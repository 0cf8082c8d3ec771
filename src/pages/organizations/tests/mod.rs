//! Forms of organizations and invitations that were written by hand, and failures of Logto. The
//! browser tests fill in the forms of the pages.

mod admins;
mod create;
mod invitation;
mod members;

use std::collections::HashMap;

use leptos::prelude::LeptosOptions;
use logto_leptos::{
    Logto, ManagementClient,
    management::{InvitationStatus, NewInvitation, UserOrganization},
};
use logto_testing::{
    Browser, MachineApp, Membership, Organization, OrganizationRole, Page, TestClock, TestProvider,
    TestProviderBuilder, User,
};

use crate::server::{Settings, router};

const BASE: &str = "http://localhost:3000";
const MANAGE: &str = "/organizations/manage";
const CREATE: &str = "/fn/organizations/create";
const INVITE: &str = "/fn/organizations/invite";
const REVOKE: &str = "/fn/organizations/revoke";
const SET_ADMIN: &str = "/fn/organizations/set-admin";
const REMOVE: &str = "/fn/organizations/remove-member";
const LEAVE: &str = "/fn/organizations/leave";
const DELETE: &str = "/fn/organizations/delete";
const JOIN: &str = "/fn/invitations/join";

const MANAGEMENT: [(&str, &str); 2] = [
    ("LOGTO_MANAGEMENT_APP_ID", "management"),
    ("LOGTO_MANAGEMENT_APP_SECRET", "a secret"),
];

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
    TestProvider::builder()
        .client("app", "secret")
        .redirect_uri(&format!("{BASE}/callback"))
        .machine_app(MachineApp::new("management", "a secret").with_management_api())
        .organization(Organization::new("acme", "Acme"))
        .organization(Organization::new("globex", "Globex"))
        .organization_role(member("member"))
        .clock(TestClock::running())
        .user(user("ada").with_organization(of_acme("admin").with_permission("write:members")))
        .user(user("bob").with_organization(of_acme("member")))
        .user(user("eve"))
}

struct App {
    provider: TestProvider,
    router: axum::Router,
    logto: Logto,
    management: ManagementClient,
}

impl App {
    async fn start() -> Self {
        Self::of(provider()).await
    }

    async fn of(builder: TestProviderBuilder) -> Self {
        Self::with(builder, &MANAGEMENT).await
    }

    async fn with(builder: TestProviderBuilder, more: &[(&str, &str)]) -> Self {
        let provider = builder.start().await;
        let variables = [
            ("LOGTO_ENDPOINT", provider.endpoint()),
            ("LOGTO_APP_ID", "app"),
            ("LOGTO_APP_SECRET", "secret"),
            ("LOGTO_COOKIE_SECRET", "a-cookie-secret-of-these-tests-long-enough"),
            ("LOGTO_BASE_URL", BASE),
        ];
        let variables = variables.iter().chain(more);
        let variables: HashMap<_, _> = variables
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let leptos = LeptosOptions::builder().output_name("quick-start").build();
        let settings = Settings::from_parts(leptos, "", &variables).unwrap();
        let logto = Logto::new(settings.logto.clone(), settings.web.clone()).unwrap();
        Self {
            router: router(settings, &logto).unwrap(),
            management: logto.client().machine("management", "a secret").management(),
            provider,
            logto,
        }
    }

    /// A browser in which a user has signed in and works in an organization.
    async fn signed_in(&self, user: &str, organization_id: &str) -> Browser {
        let browser = Browser::of(self.router.clone()).at(BASE).with_provider(&self.provider);
        self.provider.sign_in_as(user);
        browser.post_form("/sign-in", [("return_to", "/profile")]).await;
        if !organization_id.is_empty() {
            browser
                .post_form("/organization", [("organization_id", organization_id)])
                .await;
        }
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

/// Calls a server function as a program does, which sees the status.
async fn call(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    browser.fetch(path).form(fields.iter().copied()).await
}

fn path_of(page: &Page) -> &str {
    page.path().split('?').next().unwrap_or_default()
}
