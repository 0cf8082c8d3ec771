//! Users, organizations and settings of a provider whose builder sets none.

use serde_json::json;

use super::{
    organization::{Membership, Organization, OrganizationRole},
    user::User,
};

/// The redirect URI that is registered unless the builder registers another.
pub const DEFAULT_REDIRECT_URI: &str = "http://localhost:3000/callback";

/// The post-logout redirect URI that is registered unless the builder registers another.
pub const DEFAULT_POST_LOGOUT_REDIRECT_URI: &str = "http://localhost:3000/";

/// The indicator of the API resource that exists unless the builder adds another.
pub const DEFAULT_RESOURCE: &str = "https://api.example.com/products";

/// `acme`, with a description, and `globex`, without one.
pub(crate) fn organizations() -> Vec<Organization> {
    vec![
        Organization::new("acme", "Acme Corporation").with_description("Anvils and more"),
        Organization::new("globex", "Globex Corporation"),
    ]
}

/// `admin` and `member`, the roles of `ada`.
pub(crate) fn organization_roles() -> Vec<OrganizationRole> {
    let admin = OrganizationRole::new("admin")
        .with_permission("invite:members")
        .with_permission("manage:settings");
    vec![admin, OrganizationRole::new("member")]
}

/// `ada` has every permission and is a member of both organizations; `bob` may read products and
/// has no email address.
pub(crate) fn users() -> Vec<User> {
    let mut ada = User::new("ada")
        .with_name("Ada Lovelace")
        .with_email("ada@example.com")
        .with_role("admin")
        .with_permission(DEFAULT_RESOURCE, "read:products")
        .with_permission(DEFAULT_RESOURCE, "write:products")
        .with_organization(
            Membership::of("acme")
                .with_role("admin")
                .with_permission("invite:members")
                .with_permission("manage:settings")
                .with_resource_permission(DEFAULT_RESOURCE, "read:products"),
        )
        .with_organization(Membership::of("globex").with_role("member"));
    ada.custom_data = json!({ "theme": "dark" });
    ada.identities = json!({ "github": { "userId": "1815", "details": { "id": "1815", "name": "ada" } } });
    vec![ada, User::new("bob").with_permission(DEFAULT_RESOURCE, "read:products")]
}
