use leptos::prelude::*;

use super::organization_admins::{RemoveMember, SetAdmin};
use super::organization_team::Member;

/// The labels of the buttons.
#[derive(Clone, Debug)]
pub struct MemberTexts {
    pub make_admin: String,
    pub take_admin: String,
    pub remove: String,
}

/// The members of an organization. `texts` is `None` if the user may not change them.
pub fn member_list(
    set_admin: ServerAction<SetAdmin>,
    remove: ServerAction<RemoveMember>,
    organization_id: &str,
    members: Vec<Member>,
    texts: Option<&MemberTexts>,
) -> impl IntoView + use<> {
    let members = members.into_iter().map(|member| {
        let roles = member.roles.iter().map(|role| view! { <li>{role.clone()}</li> });
        // Users leave an organization with another form.
        let buttons = texts
            .filter(|_| !member.is_self)
            .map(|texts| buttons(set_admin, remove, organization_id, &member, texts));
        view! {
            <li>
                <div>
                    <strong>{member.name.clone()}</strong>
                    <ul class="chips">{roles.collect_view()}</ul>
                </div>
                {buttons}
            </li>
        }
    });
    view! { <ul class="entries">{members.collect_view()}</ul> }
}

fn buttons(
    set_admin: ServerAction<SetAdmin>,
    remove: ServerAction<RemoveMember>,
    organization_id: &str,
    member: &Member,
    texts: &MemberTexts,
) -> impl IntoView + use<> {
    let admin = !member.is_admin;
    let label = if admin { &texts.make_admin } else { &texts.take_admin };
    let set_admin_fields = view! {
        {ids(organization_id, member)}
        <input type="hidden" name="admin" value=admin.to_string() />
        {button(label, member)}
    };
    let remove_fields = view! { {ids(organization_id, member)} {button(&texts.remove, member)} };
    view! {
        <div class="actions">
            <ActionForm action=set_admin>{set_admin_fields}</ActionForm>
            <ActionForm action=remove>{remove_fields}</ActionForm>
        </div>
    }
}

fn ids(organization_id: &str, member: &Member) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="organization_id" value=organization_id.to_owned() />
        <input type="hidden" name="member_id" value=member.id.clone() />
    }
}

fn button(label: &str, member: &Member) -> impl IntoView + use<> {
    view! {
        <button type="submit" class="button">
            {label.to_owned()}
            <span class="visually-hidden">" " {member.name.clone()}</span>
        </button>
    }
}
