use leptos::prelude::*;

use super::organization_admins::{RemoveMember, SetAdmin};
use super::organization_error::{OrganizationError, OrganizationErrorNote};
use super::organization_invite::{InviteMember, MAX_EMAIL, RevokeInvitation};
use super::organization_member_list::{MemberTexts, member_list};
use super::organization_team::{OpenInvitation, load_team};

/// The texts of the lists and of the forms.
#[derive(Clone, Debug)]
pub struct TeamTexts {
    pub members: MemberTexts,
    pub invitations: String,
    pub no_invitations: String,
    pub email: String,
    pub invite: String,
    pub revoke: String,
    /// For users who may not invite, nor change the members.
    pub may_not_invite: String,
    /// While no organization is active.
    pub none_active: String,
}

/// The members of the active organization, and its open invitations. Every form names the
/// organization that it shows: another tab may have made another one active.
#[component]
pub fn OrganizationTeam(texts: TeamTexts, explain: fn(&OrganizationError) -> String) -> impl IntoView {
    let invite = ServerAction::<InviteMember>::new();
    let revoke = ServerAction::<RevokeInvitation>::new();
    let set_admin = ServerAction::<SetAdmin>::new();
    let remove = ServerAction::<RemoveMember>::new();
    let versions = [
        invite.version(),
        revoke.version(),
        set_admin.version(),
        remove.version(),
    ];
    let team = Resource::new_blocking(move || versions.map(|version| version.get()), |_| load_team());
    let values = [invite.value(), revoke.value(), set_admin.value(), remove.value()];
    let error = move || values.iter().filter_map(|value| value.get()).find_map(Result::err);
    view! {
        <div role="status">{move || error().map(|error| view! { <OrganizationErrorNote error explain /> })}</div>
        <Suspense>
            {Suspend::new(async move {
                match team.await {
                    Ok(Some(team)) => {
                        let id = team.organization_id;
                        let of_members = team.invitations.is_some().then_some(&texts.members);
                        let members = member_list(set_admin, remove, &id, team.members, of_members);
                        let manage = match team.invitations {
                            Some(open) => view! {
                                {invite_form(invite, id.clone(), texts.clone())}
                                {open_invitations(revoke, id, open, texts)}
                            }
                            .into_any(),
                            None => view! { <p class="muted">{texts.may_not_invite}</p> }.into_any(),
                        };
                        view! {
                            <h3>{team.name}</h3>
                            {members}
                            {manage}
                        }
                        .into_any()
                    }
                    Ok(None) => view! { <p class="muted">{texts.none_active}</p> }.into_any(),
                    Err(error) => view! { <OrganizationErrorNote error explain /> }.into_any(),
                }
            })}
        </Suspense>
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
