use leptos::prelude::*;

use super::organization_error::{OrganizationError, OrganizationErrorNote};
use super::organization_invite::{InviteMember, MAX_EMAIL, RevokeInvitation};
use super::organization_team::{Member, OpenInvitation, load_team};

/// The texts of the lists and of the forms.
#[derive(Clone, Debug)]
pub struct TeamTexts {
    pub invitations: String,
    pub no_invitations: String,
    pub email: String,
    pub invite: String,
    pub revoke: String,
    /// For users who may not invite.
    pub may_not_invite: String,
    /// While no organization is active.
    pub none_active: String,
}

/// The members of the active organization, and its open invitations. Every form names the
/// organization that it shows: another tab may have made another one active.
#[component]
pub fn OrganizationTeam(texts: TeamTexts, explain: fn(&OrganizationError) -> String) -> impl IntoView {
    let (invite, revoke) = (
        ServerAction::<InviteMember>::new(),
        ServerAction::<RevokeInvitation>::new(),
    );
    let versions = move || (invite.version().get(), revoke.version().get());
    let team = Resource::new_blocking(versions, |_| load_team());
    let error = move || {
        let outcomes = [invite.value().get(), revoke.value().get()];
        outcomes.into_iter().flatten().find_map(Result::err)
    };
    view! {
        <div role="status">{move || error().map(|error| view! { <OrganizationErrorNote error explain /> })}</div>
        <Suspense>
            {Suspend::new(async move {
                match team.await {
                    Ok(Some(team)) => {
                        let manage = match team.invitations {
                            Some(open) => {
                                let id = team.organization_id;
                                view! {
                                    {invite_form(invite, id.clone(), texts.clone())}
                                    {open_invitations(revoke, id, open, texts)}
                                }
                                .into_any()
                            }
                            None => view! { <p class="muted">{texts.may_not_invite}</p> }.into_any(),
                        };
                        view! { {members(team.name, team.members)} {manage} }.into_any()
                    }
                    Ok(None) => view! { <p class="muted">{texts.none_active}</p> }.into_any(),
                    Err(error) => view! { <OrganizationErrorNote error explain /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn members(organization: String, members: Vec<Member>) -> impl IntoView {
    let members = members.into_iter().map(|member| {
        let roles = member.roles.into_iter().map(|role| view! { <li>{role}</li> });
        view! {
            <li>
                <strong>{member.name}</strong>
                <ul class="chips">{roles.collect_view()}</ul>
            </li>
        }
    });
    view! {
        <h3>{organization}</h3>
        <ul class="entries">{members.collect_view()}</ul>
    }
}

fn invite_form(action: ServerAction<InviteMember>, organization_id: String, texts: TeamTexts) -> impl IntoView {
    view! {
        <ActionForm action attr:class="forms">
            <input type="hidden" name="organization_id" value=organization_id />
            <div class="labelled">
                <label for="invited-email">{texts.email}</label>
                <input id="invited-email" type="email" name="email" required maxlength=MAX_EMAIL autocomplete="off" />
            </div>
            <button type="submit" class="button primary">
                {texts.invite}
            </button>
        </ActionForm>
    }
}

fn open_invitations(
    action: ServerAction<RevokeInvitation>,
    organization_id: String,
    invitations: Vec<OpenInvitation>,
    texts: TeamTexts,
) -> impl IntoView {
    let revoke = texts.revoke;
    let none = invitations
        .is_empty()
        .then(|| view! { <p class="muted">{texts.no_invitations}</p> });
    let invitations = invitations.into_iter().map(move |invitation| {
        let (id, revoke, email) = (organization_id.clone(), revoke.clone(), invitation.email.clone());
        view! {
            <li>
                <div>
                    <strong>{invitation.email}</strong>
                    <div>
                        <a href=invitation.link.clone()>{invitation.link.clone()}</a>
                    </div>
                </div>
                <ActionForm action>
                    <input type="hidden" name="organization_id" value=id />
                    <input type="hidden" name="invitation_id" value=invitation.id />
                    <button type="submit" class="button">
                        {revoke}
                        <span class="visually-hidden">" " {email}</span>
                    </button>
                </ActionForm>
            </li>
        }
    });
    view! {
        <h3>{texts.invitations}</h3>
        {none}
        <ul class="entries">{invitations.collect_view()}</ul>
    }
}
