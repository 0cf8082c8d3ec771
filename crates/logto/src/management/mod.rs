//! Logto's Management API, for a machine-to-machine app with the role "Logto Management API access".
//!
//! A [`ManagementClient`] sends any call. Typed calls exist for these subjects:
//!
//! | subject | calls |
//! |---|---|
//! | organizations | [`create_organization`](ManagementClient::create_organization), delete, members, [roles](ManagementClient::organization_roles), [`user_organizations`](ManagementClient::user_organizations) |
//! | invitations | [`invite`](ManagementClient::invite), [list](ManagementClient::organization_invitations), accept, revoke, send again |
//! | magic links | [`create_one_time_token`](ManagementClient::create_one_time_token), [revoke](ManagementClient::revoke_one_time_token) (since Logto 1.27) |
//! | impersonation | [`create_subject_token`](ManagementClient::create_subject_token) (since Logto 1.19) |
//! | personal access tokens | [`create_personal_access_token`](ManagementClient::create_personal_access_token) (since 1.20) |
//!
//! ```no_run
//! use logto::{LogtoClient, ManagementError, Timestamp, management::{NewInvitation, NewOrganization}};
//!
//! # async fn example(client: LogtoClient, in_a_week: Timestamp) -> Result<(), ManagementError> {
//! let management = client.machine("m2m-app-id", "m2m-app-secret").management();
//! let acme = management.create_organization(&NewOrganization::new("Acme")).await?;
//! let invitation = NewInvitation::new(&acme.id, "ada@example.com", in_a_week).with_role("role-id");
//! let sent = management.invite(&invitation).await?;
//! // After Ada has signed in:
//! management.accept_invitation(&sent.id, "usr_ada").await?;
//! # Ok(()) }
//! ```
//!
//! Any other call has its path in parts, which are escaped:
//!
//! ```no_run
//! use logto::{ManagementClient, ManagementError};
//!
//! #[derive(serde::Deserialize)]
//! #[serde(rename_all = "camelCase")]
//! struct User {
//!     id: String,
//!     primary_email: Option<String>,
//! }
//!
//! # async fn example(management: ManagementClient) -> Result<(), ManagementError> {
//! let ada: User = management.get(&["users", "usr_ada"]).await?;
//! let mut pages = management.pages::<User>(&["users"]).with_query("search", "%@example.com");
//! while let Some(users) = pages.next().await? {
//!     println!("{} of {:?}", users.len(), pages.total());
//! }
//! # Ok(()) }
//! ```

mod client;
mod invitations;
mod one_time_tokens;
mod organizations;
mod pages;
mod user_tokens;

pub use self::{
    client::ManagementClient,
    invitations::{InvitationMessage, InvitationStatus, NewInvitation, OrganizationInvitation},
    one_time_tokens::{InteractionEvent, NewOneTimeToken, OneTimeToken},
    organizations::{
        NewOrganization, Organization, OrganizationMember, OrganizationRole, OrganizationRoles, OrganizationScope,
        UserOrganization,
    },
    pages::Pages,
    user_tokens::{NewPersonalAccessToken, PersonalAccessToken, SubjectToken},
};
