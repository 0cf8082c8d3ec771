use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use logto_leptos::{FirstScreen, Prompt, Protect, SignIn, signed_in};

use super::invitation::{Invitation, JoinOrganization, load_invitation};
use super::organization_error::{OrganizationError, OrganizationErrorNote};
use super::organization_token::OrganizationTokenOnPage;

/// The texts of the page.
#[derive(Clone, Debug)]
pub struct InvitationTexts {
    pub join: String,
    /// The button that signs in with another account.
    pub other_account: String,
    /// The button that creates another account.
    pub new_account: String,
    /// Returns what the user is told about the invitation.
    pub describe: fn(&Invitation) -> String,
    pub explain: fn(&OrganizationError) -> String,
}

/// The page `/invitations/:id`. A visitor signs in or registers at Logto, and comes back to it.
#[component]
pub fn InvitationPage(texts: InvitationTexts) -> impl IntoView {
    view! {
        <Protect require=signed_in()>
            <InvitationOfLink texts=texts.clone() />
        </Protect>
    }
}

#[component]
fn InvitationOfLink(texts: InvitationTexts) -> impl IntoView {
    let action = ServerAction::<JoinOrganization>::new();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let of_link = id.clone();
    let load = move |_| load_invitation(of_link.clone());
    let invitation = Resource::new_blocking(move || action.version().get(), load);
    let error = move || action.value().get().and_then(Result::err);
    let explain = texts.explain;
    view! {
        <div role="status">{move || error().map(|error| view! { <OrganizationErrorNote error explain /> })}</div>
        <Suspense>
            {Suspend::new(async move {
                match invitation.await {
                    Ok(invitation) => {
                        view! {
                            <p>{(texts.describe)(&invitation)}</p>
                            {next_step(action, id, invitation, texts)}
                        }
                        .into_any()
                    }
                    Err(error) => view! { <OrganizationErrorNote error explain /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// A button, never the link alone, accepts the invitation.
fn next_step(
    action: ServerAction<JoinOrganization>,
    invitation_id: String,
    invitation: Invitation,
    texts: InvitationTexts,
) -> impl IntoView {
    match invitation {
        Invitation::Open { .. } => view! {
            <ActionForm action>
                <input type="hidden" name="invitation_id" value=invitation_id />
                <button type="submit" class="button primary">
                    {texts.join}
                </button>
            </ActionForm>
        }
        .into_any(),
        // The session gets the token although the user has joined after the sign-in.
        Invitation::Joined { organization_id, .. } => view! { <OrganizationTokenOnPage organization_id /> }.into_any(),
        // `login` makes Logto ask for an account even if the browser has a session. Both ways lead
        // back to this page.
        Invitation::OtherUser => view! {
            <div class="actions">
                <SignIn prompt=[Prompt::Login, Prompt::Consent] class="button">
                    {texts.other_account}
                </SignIn>
                <SignIn
                    first_screen=FirstScreen::Register
                    prompt=[Prompt::Login, Prompt::Consent]
                    class="button"
                >
                    {texts.new_account}
                </SignIn>
            </div>
        }
        .into_any(),
        Invitation::Used | Invitation::Expired | Invitation::Revoked | Invitation::Unknown => ().into_any(),
    }
}
