//! The page of an invitation to an organization.

use leptos::prelude::*;

use super::organizations::explain_change;
use crate::{
    components::{Frame, Step},
    language::language,
    samples::{
        invitation::Invitation,
        invitation_page::{InvitationPage, InvitationTexts},
    },
};

/// The frame of the page. It counts as a part of a step, so that the sign-in button of the header
/// leads back to it.
#[component]
pub(crate) fn Invited() -> impl IntoView {
    let language = language();
    let heading = language.text("invitation-heading");
    let texts = InvitationTexts {
        join: language.text("invitation-join").into_owned(),
        other_account: language.text("invitation-other-account").into_owned(),
        new_account: language.text("invitation-new-account").into_owned(),
        describe,
        explain: explain_change,
    };
    view! {
        <Frame title=heading.clone() step=Some(Step::Organizations)>
            <div class="intro">
                <h1>{heading}</h1>
            </div>
            <div class="live">
                <InvitationPage texts />
            </div>
            <p class="next">
                <a href=Step::Organizations.path()>{language.text("invitation-organizations")}</a>
            </p>
        </Frame>
    }
}

fn describe(invitation: &Invitation) -> String {
    let language = language();
    let key = match invitation {
        Invitation::Open { organization, email } => {
            let values = [("email", email.as_str()), ("organization", organization)];
            return language.text_with("invitation-open", values);
        }
        Invitation::Joined { organization, .. } => {
            return language.text_with("invitation-joined", [("organization", organization.as_str())]);
        }
        Invitation::OtherUser => "invitation-other",
        Invitation::Used => "invitation-used",
        Invitation::Expired => "invitation-expired",
        Invitation::Revoked => "invitation-revoked",
        Invitation::Unknown => "invitation-unknown",
    };
    language.text(key).into_owned()
}
