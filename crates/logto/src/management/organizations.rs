//! Organizations, their members, and the members' roles.

use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::{Map, Value, json};

use super::{client::ManagementClient, pages::Pages};
use crate::{claims::null_as_empty, clock::Milliseconds, error::ManagementError};

/// An organization to create.
///
/// ```
/// use logto::management::NewOrganization;
///
/// let acme = NewOrganization::new("Acme").with_description("Anvils and more").with_mfa_required(true);
/// # let _ = acme;
/// ```
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewOrganization {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    custom_data: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_mfa_required: Option<bool>,
}

impl NewOrganization {
    /// Creates an organization with this name, which need not be unique.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: None,
            custom_data: Map::new(),
            is_mfa_required: None,
        }
    }

    /// Sets the description.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets data of the app.
    #[must_use]
    pub fn with_custom_data(mut self, data: Map<String, Value>) -> Self {
        self.custom_data = data;
        self
    }

    /// Sets whether members need a second factor.
    #[must_use]
    pub fn with_mfa_required(mut self, required: bool) -> Self {
        self.is_mfa_required = Some(required);
        self
    }
}

/// An organization of the tenant.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Organization {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The description.
    pub description: Option<String>,
    /// Data of the app.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub custom_data: Map<String, Value>,
    /// Whether members need a second factor.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub is_mfa_required: bool,
    /// When it was created.
    pub created_at: Option<Milliseconds>,
}

/// A role of the organization template.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OrganizationRole {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A permission of the organization template.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OrganizationScope {
    /// The id.
    pub id: String,
    /// The name, as in the scopes of an organization token.
    pub name: String,
}

/// An organization of a user, with the user's roles in it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserOrganization {
    /// The organization.
    #[serde(flatten)]
    pub organization: Organization,
    /// The user's roles.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub organization_roles: Vec<OrganizationRole>,
}

/// A member of an organization, with the roles in it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrganizationMember {
    /// The user's id.
    pub id: String,
    /// The username.
    pub username: Option<String>,
    /// The full name.
    pub name: Option<String>,
    /// The email address.
    pub primary_email: Option<String>,
    /// The URL of an avatar.
    pub avatar: Option<String>,
    /// Whether the user is suspended.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub is_suspended: bool,
    /// The roles.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub organization_roles: Vec<OrganizationRole>,
}

/// Roles to assign, by id or by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationRoles {
    #[serde(rename = "organizationRoleIds", skip_serializing_if = "Vec::is_empty")]
    ids: Vec<String>,
    #[serde(rename = "organizationRoleNames", skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
}

impl OrganizationRoles {
    /// Creates a list of roles by their ids.
    #[must_use]
    pub fn ids<S: Into<String>>(ids: impl IntoIterator<Item = S>) -> Self {
        Self {
            ids: ids.into_iter().map(Into::into).collect(),
            names: Vec::new(),
        }
    }

    /// Creates a list of roles by their names.
    #[must_use]
    pub fn names<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        Self {
            ids: Vec::new(),
            names: names.into_iter().map(Into::into).collect(),
        }
    }
}

/// Organizations. A user who joins one gets its tokens at once; the claims of the ID token follow with
/// the next refresh.
impl ManagementClient {
    /// Creates an organization. The creator is not a member.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn create_organization(&self, organization: &NewOrganization) -> Result<Organization, ManagementError> {
        self.post(&["organizations"], organization).await
    }

    /// Reads an organization.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn organization(&self, id: &str) -> Result<Organization, ManagementError> {
        self.get(&["organizations", id]).await
    }

    /// Deletes an organization, with its memberships and invitations. Tokens of the organization stay
    /// valid until they expire.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ManagementErrorKind::NotFound) if there is no such organization, and those of
    /// [`ManagementClient::get`].
    pub async fn delete_organization(&self, id: &str) -> Result<(), ManagementError> {
        self.delete(&["organizations", id]).await
    }

    /// Returns the roles of the organization template, page by page. Sends no request.
    ///
    /// An invitation names roles by id: find the id of a role by its name here.
    pub fn organization_roles(&self) -> Pages<OrganizationRole> {
        self.pages(&["organization-roles"])
    }

    /// Returns the members of an organization, page by page. Sends no request.
    pub fn organization_members(&self, organization_id: &str) -> Pages<OrganizationMember> {
        self.pages(&["organizations", organization_id, "users"])
    }

    /// Adds users to an organization, without roles.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn add_organization_members(
        &self,
        organization_id: &str,
        user_ids: &[&str],
    ) -> Result<(), ManagementError> {
        let body = json!({ "userIds": user_ids });
        let added = self.post(&["organizations", organization_id, "users"], &body).await;
        added.map(|IgnoredAny| ())
    }

    /// Removes a user from an organization: to let them leave, or to expel them.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ManagementErrorKind::NotFound) if the user is not a member, and those of
    /// [`ManagementClient::get`].
    pub async fn remove_organization_member(
        &self,
        organization_id: &str,
        user_id: &str,
    ) -> Result<(), ManagementError> {
        self.delete(&["organizations", organization_id, "users", user_id]).await
    }

    /// Gives a member roles, in addition to those they have.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn assign_organization_roles(
        &self,
        organization_id: &str,
        user_id: &str,
        roles: &OrganizationRoles,
    ) -> Result<(), ManagementError> {
        let path = ["organizations", organization_id, "users", user_id, "roles"];
        self.post(&path, roles).await.map(|IgnoredAny| ())
    }

    /// Takes a role from a member.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn remove_organization_role(
        &self,
        organization_id: &str,
        user_id: &str,
        role_id: &str,
    ) -> Result<(), ManagementError> {
        let path = ["organizations", organization_id, "users", user_id, "roles", role_id];
        self.delete(&path).await
    }

    /// Reads the permissions of a member in an organization.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn organization_scopes_of(
        &self,
        organization_id: &str,
        user_id: &str,
    ) -> Result<Vec<OrganizationScope>, ManagementError> {
        self.get(&["organizations", organization_id, "users", user_id, "scopes"])
            .await
    }

    /// Reads the organizations of a user, with the roles in each.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn user_organizations(&self, user_id: &str) -> Result<Vec<UserOrganization>, ManagementError> {
        self.get(&["users", user_id, "organizations"]).await
    }
}
