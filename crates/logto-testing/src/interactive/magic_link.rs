//! The steps of a magic link: it signs its user in, and asks the user of another session.

use axum::{
    Form,
    extract::{Path, State},
    http::HeaderMap,
    response::{AppendHeaders, IntoResponse as _, Response},
};
use maud::html;
use serde::Deserialize;

use super::{
    authorize::{ask, next_step},
    cookies::{self, Name},
    page::Page,
    problem::ended,
    session,
};
use crate::{
    config::InteractivePages,
    endpoints::{authorize::magic_link::MagicLink, error::OidcError},
    provider::{Authentication, Interaction, Provider, ProviderState, SharedProvider, TokenRefusal},
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    action: String,
}

/// Signs the user of the link in, or shows the sign-in page with the problem of the link.
pub(super) async fn open(
    State(provider): SharedProvider,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, OidcError> {
    let pages = provider.config.pages.clone().unwrap_or_default();
    match take(&provider, &headers, &id) {
        Some((interaction, link)) => sign_in(&provider, &pages, &headers, interaction, &link),
        None => Ok(ended(&pages)),
    }
}

/// Asks the user of a session whether to switch to the user of the link.
pub(super) async fn show(State(provider): SharedProvider, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let pages = provider.config.pages.clone().unwrap_or_default();
    let browser = cookies::read(&provider, &headers, Name::Browser);
    let cookie = cookies::read(&provider, &headers, Name::Session);
    let now = provider.now();
    let mut state = provider.state();
    let interaction = state.visits.interaction(&id, browser.as_deref(), now).cloned();
    let shown = interaction.and_then(|interaction| {
        let link = MagicLink::of(&interaction.params)?;
        let username = username(&mut state, cookie.as_deref()?, now)?;
        Some(page(&pages, &interaction, &username, &link.email))
    });
    shown.unwrap_or_else(|| ended(&pages))
}

/// The answer: the link's user signs in, or the session goes on and the token stays unused.
pub(super) async fn choose(
    State(provider): SharedProvider,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, OidcError> {
    let pages = provider.config.pages.clone().unwrap_or_default();
    let Some((mut interaction, link)) = take(&provider, &headers, &id) else {
        return Ok(ended(&pages));
    };
    if fields.action == "switch" {
        return sign_in(&provider, &pages, &headers, interaction, &link);
    }
    interaction.stays = true;
    let session = cookies::read(&provider, &headers, Name::Session);
    next_step(&provider, &pages, interaction, session.as_deref())
}

fn take(provider: &Provider, headers: &HeaderMap, id: &str) -> Option<(Interaction, MagicLink)> {
    let browser = cookies::read(provider, headers, Name::Browser);
    let now = provider.now();
    let interaction = provider.state().visits.take_interaction(id, browser.as_deref(), now)?;
    let link = MagicLink::of(&interaction.params)?;
    Some((interaction, link))
}

fn sign_in(
    provider: &Provider,
    pages: &InteractivePages,
    headers: &HeaderMap,
    mut interaction: Interaction,
    link: &MagicLink,
) -> Result<Response, OidcError> {
    let opened = open_for(&interaction, link, &mut provider.state(), provider.now());
    let user_id = match opened {
        Ok(user_id) => user_id,
        Err(problem) => {
            interaction.problem = Some(problem);
            return Ok(ask(provider, "/sign-in", interaction));
        }
    };
    let cookie = session::start(provider, headers, user_id, Authentication::OneTimeToken);
    interaction.signed_in = Some(cookie.clone());
    let response = next_step(provider, pages, interaction, None)?;
    let cookie = cookies::set(provider, Name::Session, &cookie);
    Ok((AppendHeaders([cookie]), response).into_response())
}

/// Opens the link, or says why it cannot be used.
fn open_for(
    interaction: &Interaction,
    link: &MagicLink,
    state: &mut ProviderState,
    now: u64,
) -> Result<String, String> {
    let user = link.user(state).map(|user| user.username.as_str());
    if let Some(pinned) = &interaction.pinned
        && user != Some(pinned)
    {
        return Err(format!(
            "This link is not for {pinned}, who has to confirm the sign-in."
        ));
    }
    link.open(state, now).map_err(TokenRefusal::explanation)
}

fn username(state: &mut ProviderState, cookie: &str, now: u64) -> Option<String> {
    let user_id = state.visits.session(cookie, now)?.session.user_id.clone();
    state.active_user(&user_id).map(|user| user.username.clone())
}

fn page(pages: &InteractivePages, interaction: &Interaction, username: &str, email: &str) -> Response {
    let content = html! {
        p { "You are signed in as " strong { (username) } ", but the link is for " strong { (email) } "." }
        form method="post" {
            button name="action" value="switch" { "Switch to " (email) }
            button.plain name="action" value="stay" { "Stay signed in as " (username) }
        }
    };
    let mut page = Page::new("Switch account", content);
    page.form_target(interaction.params.get("redirect_uri"));
    page.into_response(pages)
}
