use leptos::prelude::*;

use super::organization_error::{OrganizationError, OrganizationErrorNote};

/// The longest name that Logto accepts, in characters.
const MAX_NAME: usize = 128;
/// A limit of this app, because every user may create organizations.
#[cfg(feature = "ssr")]
const MAX_ORGANIZATIONS: usize = 20;

/// Creates an organization with the user as its admin, and makes it the active one.
#[server(prefix = "/fn", endpoint = "organizations/create")]
pub async fn create_organization(name: String) -> Result<(), OrganizationError> {
    use logto_leptos::{Diagnose as _, auth_session, management::NewOrganization, require_user};

    let user = require_user().await?;
    let name = name.trim();
    if !(1..=MAX_NAME).contains(&name.chars().count()) || name.contains(char::is_control) {
        return Err(OrganizationError::Name);
    }
    let management = super::management::management()?;
    // Logto accepts equal names. This app does not, so that a form that is sent again creates no
    // second organization. Two requests at the same moment can create two.
    let own = management.user_organizations(user.id()).await?;
    if own.iter().any(|other| other.organization.name == name) {
        return Err(OrganizationError::NameTaken);
    }
    if own.len() >= MAX_ORGANIZATIONS {
        return Err(OrganizationError::TooManyOrganizations);
    }
    let created = management.create_organization(&NewOrganization::new(name)).await?;
    if let Err(error) = add_admin(&management, &created.id, user.id()).await {
        // An organization without members cannot be managed in the app.
        _ = management.delete_organization(&created.id).await;
        return Err(error.into());
    }
    // The session has the claims of the last refresh.
    super::management::refresh_organizations().await;
    if let Err(error) = auth_session()?.set_active_organization(Some(&created.id)).await {
        // It exists, so this must not read as a failed creation.
        tracing::warn!(code = error.code(), "the new organization is not active: {error}");
    }
    Ok(())
}

/// The creator of an organization is not a member by itself.
#[cfg(feature = "ssr")]
async fn add_admin(
    management: &logto_leptos::ManagementClient,
    organization_id: &str,
    user_id: &str,
) -> Result<(), logto_leptos::ManagementError> {
    use logto_leptos::management::OrganizationRoles;

    use super::organization_check::ADMIN;

    management.add_organization_members(organization_id, &[user_id]).await?;
    let admin = OrganizationRoles::names([ADMIN]);
    management
        .assign_organization_roles(organization_id, user_id, &admin)
        .await
}

/// A form for the name. It needs no JavaScript.
#[component]
pub fn CreateOrganizationForm(
    label: String,
    button: String,
    explain: fn(&OrganizationError) -> String,
) -> impl IntoView {
    let action = ServerAction::<CreateOrganization>::new();
    let error = move || action.value().get().and_then(Result::err);
    view! {
        <div role="status">{move || error().map(|error| view! { <OrganizationErrorNote error explain /> })}</div>
        <ActionForm action attr:class="forms">
            <div class="labelled">
                <label for="organization-name">{label}</label>
                <input id="organization-name" name="name" required maxlength=MAX_NAME autocomplete="off" />
            </div>
            <button type="submit" class="button primary">
                {button}
            </button>
        </ActionForm>
    }
}
