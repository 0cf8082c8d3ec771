//! A token for an organization, by an action.

use leptos::prelude::*;
use logto_leptos::browser::TokenView;

use super::{
    access_token::token_card,
    outcome::{Answer, outcome},
};

// [show:server-function]
#[server(prefix = "/fn", endpoint = "organization-token")]
pub async fn get_organization_token(organization_id: String) -> Answer<TokenView> {
    use crate::server::views::member_of;
    use logto_leptos::organization_token;

    // An id from the browser counts only if the ID token names it too.
    if let Err(problem) = member_of(&organization_id).await {
        return Ok(Err(problem));
    }
    let issued = organization_token(&organization_id).await;
    let token = issued.map(|issued| TokenView::from(&issued));
    Ok(token.map_err(Into::into))
}
// [/show]

/// A button that gets a token for an organization, and what came of it.
#[island]
pub fn OrganizationTokenByAction(organization_id: String, wanted: String) -> impl IntoView {
    let action = ServerAction::<GetOrganizationToken>::new();
    view! {
        <ActionForm action>
            <input type="hidden" name="organization_id" value=organization_id />
            <button type="submit" class="button">"Get organization token"</button>
        </ActionForm>
        {outcome(action, "Not asked for yet.", move |token| token_card(token, wanted.clone()))}
    }
}
