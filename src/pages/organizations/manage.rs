//! Organizations that users create, their members and invitations.

use leptos::prelude::*;
use logto_leptos::{AuthErrorKind, OrganizationSwitcher, auth_session, require_user};

use crate::{
    components::{Frame, Heading, Problem, Section, Step, Tip, note, or_problem, panes, prose},
    language::language,
    samples::{
        management::management,
        organization_check::{CurrentMember, WRITE},
        organization_create::CreateOrganizationForm,
        organization_delete::DeleteOrganizationForm,
        organization_error::OrganizationError,
        organization_leave::LeaveOrganizationForm,
        organization_member_list::MemberTexts,
        organization_team_page::{OrganizationTeam, TeamTexts},
    },
};

pub(super) const PATH: &str = "/organizations/manage";

#[component]
pub(crate) fn ManageOrganizations() -> impl IntoView {
    let language = language();
    let create = Heading::new("create", language.text("manage-organizations-create"));
    let team = Heading::new("members", language.text("manage-organizations-team"));
    let page = Heading::new("invitation-page", language.text("manage-organizations-page"));
    let leave = Heading::new("leave", language.text("manage-organizations-leave"));
    let contents = [&create, &team, &page, &leave].map(Clone::clone).into();
    let heading = language.text("manage-organizations-heading");
    view! {
        <Frame title=heading.clone() step=Some(Step::Organizations) contents>
            <div class="intro">
                <h1>{heading}</h1>
                <p>{language.text("manage-organizations-about")}</p>
            </div>
            <Section
                heading=create
                panes=[panes::ORGANIZATION_CREATE]
                supporting=[panes::MANAGEMENT, panes::ORGANIZATION_ERROR]
            >
                {prose("manage-organizations-create-what-html")}
                {prose("manage-organizations-create-refresh-html")}
                <Tip>{prose("manage-organizations-create-tip-html")}</Tip>
                {or_problem(create_form())}
            </Section>
            <Section
                heading=team
                panes=[panes::ORGANIZATION_INVITE, panes::ORGANIZATION_ADMINS]
                supporting=[
                    panes::ORGANIZATION_CHECK,
                    panes::ORGANIZATION_TEAM,
                    panes::ORGANIZATION_TEAM_PAGE,
                    panes::ORGANIZATION_MEMBER_LIST,
                ]
            >
                {prose("manage-organizations-team-check-html")}
                {prose("manage-organizations-team-roles-html")}
                {prose("manage-organizations-team-mail-html")}
                {or_problem(active_team())}
            </Section>
            <Section
                heading=page
                panes=[panes::INVITATION_PAGE]
                supporting=[
                    panes::INVITATION,
                    panes::ORGANIZATION_TOKEN,
                    panes::TOKEN_CARD,
                    panes::ERROR_NOTE,
                    panes::EXPIRY,
                ]
            >
                {prose("manage-organizations-page-what-html")}
                {prose("manage-organizations-page-other-html")}
                {prose("manage-organizations-page-token")}
            </Section>
            <Section heading=leave panes=[panes::ORGANIZATION_LEAVE, panes::ORGANIZATION_DELETE]>
                {prose("manage-organizations-leave-what-html")}
                {prose("manage-organizations-leave-delete-html")}
                {prose("manage-organizations-leave-tokens")}
                {or_problem(leave_form())}
            </Section>
            <p class="next">
                <a href=Step::Organizations.path()>{language.text("manage-organizations-back")}</a>
            </p>
        </Frame>
    }
}

async fn create_form() -> Result<AnyView, Problem> {
    require_user().await?;
    if !may_manage() {
        return Ok(no_management().into_any());
    }
    let language = language();
    let (label, button) = (
        language.text("manage-organizations-name").into_owned(),
        language.text("manage-organizations-create-button").into_owned(),
    );
    Ok(view! { <CreateOrganizationForm label button explain /> }.into_any())
}

async fn active_team() -> Result<AnyView, Problem> {
    require_user().await?;
    if !may_manage() {
        return Ok(no_management().into_any());
    }
    let text = |key| language().text(key).into_owned();
    let texts = TeamTexts {
        members: MemberTexts {
            make_admin: text("manage-organizations-make-admin"),
            take_admin: text("manage-organizations-take-admin"),
            remove: text("manage-organizations-remove"),
        },
        invitations: text("manage-organizations-invitations"),
        no_invitations: text("manage-organizations-no-invitations"),
        email: text("manage-organizations-email"),
        invite: text("manage-organizations-invite"),
        revoke: text("manage-organizations-revoke"),
        may_not_invite: text("manage-organizations-may-not-invite"),
        none_active: text("manage-organizations-none-active"),
    };
    Ok(view! {
        <OrganizationSwitcher />
        <OrganizationTeam texts explain />
    }
    .into_any())
}

async fn leave_form() -> Result<AnyView, Problem> {
    let user = require_user().await?;
    let Ok(management) = management() else {
        return Ok(no_management().into_any());
    };
    let language = language();
    Ok(match auth_session()?.active_organization().await? {
        Some(organization_id) => {
            let name = user.organization_name(&organization_id).unwrap_or(&organization_id);
            let label = |key| language.text_with(key, [("organization", name)]);
            let (leave, delete) = (
                label("manage-organizations-leave-button"),
                label("manage-organizations-delete-button"),
            );
            let member = CurrentMember::load(&management, &organization_id).await;
            let may_delete = member.is_ok_and(|member| member.may(WRITE));
            let id = organization_id.clone();
            let delete = may_delete.then(move || {
                view! {
                    <DeleteOrganizationForm organization_id=id explain>
                        {delete}
                    </DeleteOrganizationForm>
                }
            });
            view! {
                <LeaveOrganizationForm organization_id explain>
                    {leave}
                </LeaveOrganizationForm>
                {delete}
            }
            .into_any()
        }
        None => view! { <p class="muted">{language.text("manage-organizations-none-active")}</p> }.into_any(),
    })
}

fn may_manage() -> bool {
    management().is_ok()
}

/// Says which settings let the app use the Management API.
fn no_management() -> impl IntoView {
    note(
        "manage-organizations-not-set-up",
        "manage-organizations-not-set-up-advice-html",
    )
}

/// Says why an organization was not changed, and what the user can do.
pub(crate) fn explain(error: &OrganizationError) -> String {
    let key = match error {
        OrganizationError::Name => "manage-organizations-error-name",
        OrganizationError::NameTaken => "manage-organizations-error-name-taken",
        OrganizationError::TooManyOrganizations => "manage-organizations-error-too-many",
        OrganizationError::Email => "manage-organizations-error-email",
        OrganizationError::AlreadyInvited => "manage-organizations-error-invited",
        OrganizationError::TooManyInvitations => "manage-organizations-error-many-invitations",
        OrganizationError::AlreadyMember => "manage-organizations-error-member",
        OrganizationError::InvitationClosed => "manage-organizations-error-closed",
        OrganizationError::OtherAccount => "manage-organizations-error-other-account",
        OrganizationError::LastAdmin => "manage-organizations-error-last-admin",
        OrganizationError::NotEmpty => "manage-organizations-error-not-empty",
        OrganizationError::NoSuchMember => "manage-organizations-error-no-member",
        OrganizationError::NotSetUp => "manage-organizations-not-set-up",
        OrganizationError::Unavailable => "manage-organizations-error-unavailable",
        OrganizationError::Refused => "manage-organizations-error-refused",
        OrganizationError::Auth(error) if error.kind() == AuthErrorKind::Forbidden => {
            "manage-organizations-error-forbidden"
        }
        OrganizationError::Auth(error) => return error.message().to_owned(),
    };
    language().text(key).into_owned()
}
