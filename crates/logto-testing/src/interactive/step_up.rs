//! The page that asks a signed-in user for the second factor.

use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use maud::html;
use serde::Deserialize;

use super::{
    authorize::next_step,
    cookies::{self, Name},
    page::Page,
    problem::ended,
};
use crate::{
    config::InteractivePages,
    endpoints::{authorize::callback::redirect_to_callback, error::OidcError},
    provider::{Interaction, ProviderState, SharedProvider},
};

/// The code of every user with a second factor.
const CODE: &str = "123456";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    action: String,
    code: String,
}

pub(super) async fn show(State(provider): SharedProvider, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let pages = provider.config.pages.clone().unwrap_or_default();
    let browser = cookies::read(&provider, &headers, Name::Browser);
    let cookie = cookies::read(&provider, &headers, Name::Session);
    let now = provider.now();
    let mut state = provider.state();
    let interaction = state.visits.interaction(&id, browser.as_deref(), now).cloned();
    let shown = interaction.and_then(|interaction| {
        let username = username(&mut state, &interaction, cookie.as_deref(), now)?;
        Some(page(&pages, &interaction, &username, None))
    });
    shown.unwrap_or_else(|| ended(&pages))
}

pub(super) async fn submit(
    State(provider): SharedProvider,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, OidcError> {
    let pages = provider.config.pages.clone().unwrap_or_default();
    let browser = cookies::read(&provider, &headers, Name::Browser);
    let cookie = cookies::read(&provider, &headers, Name::Session);
    let is_cancelled = fields.action == "cancel";
    let now = provider.now();
    let interaction = {
        let mut state = provider.state();
        let interaction = state.visits.interaction(&id, browser.as_deref(), now).cloned();
        let Some(mut interaction) = interaction else {
            return Ok(ended(&pages));
        };
        let Some(username) = username(&mut state, &interaction, cookie.as_deref(), now) else {
            return Ok(ended(&pages));
        };
        if !is_cancelled && fields.code.trim() != CODE {
            let again = page(&pages, &interaction, &username, Some("Wrong code."));
            return Ok((StatusCode::UNAUTHORIZED, again).into_response());
        }
        interaction.signed_in = interaction.signed_in.or(cookie);
        if !is_cancelled
            && let Some(cookie) = &interaction.signed_in
            && let Some(visit) = state.visits.session(cookie, now)
        {
            visit.session.authentication = visit.session.authentication.with_second_factor();
            visit.session.authenticated_at = now;
        }
        state.visits.take_interaction(&id, browser.as_deref(), now);
        interaction
    };
    if is_cancelled {
        let error = OidcError::other("access_denied", "End-User aborted interaction");
        return redirect_to_callback(&provider, &interaction.params, || Err(error));
    }
    next_step(&provider, &pages, interaction, None)
}

/// The signed-in user, if the user has a second factor.
fn username(state: &mut ProviderState, interaction: &Interaction, cookie: Option<&str>, now: u64) -> Option<String> {
    let cookie = interaction.signed_in.as_deref().or(cookie)?;
    let user_id = state.visits.session(cookie, now)?.session.user_id.clone();
    let user = state.active_user(&user_id).filter(|user| user.second_factor);
    user.map(|user| user.username.clone())
}

fn page(pages: &InteractivePages, interaction: &Interaction, username: &str, problem: Option<&str>) -> Response {
    let content = html! {
        p { strong { (pages.app_name) } " asks for your second factor. You are signed in as " strong { (username) } "." }
        @if let Some(problem) = problem { p role="alert" { (problem) } }
        form method="post" {
            label for="code" { "Code of your authenticator app" }
            input #code name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus
                aria-describedby="hint";
            p.hint #hint { "The code of every user of this provider is " code { (CODE) } "." }
            button name="action" value="confirm" { "Confirm" }
        }
        form method="post" { button.plain name="action" value="cancel" { "Cancel" } }
    };
    let mut page = Page::new("Confirm it’s you", content);
    page.form_target(interaction.params.get("redirect_uri"));
    page.into_response(pages)
}
