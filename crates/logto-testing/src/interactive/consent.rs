//! The consent page.

use axum::{
    Form,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
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
    endpoints::{authorize::callback::redirect_to_callback, error::OidcError},
    provider::SharedProvider,
};

#[derive(Deserialize)]
pub(super) struct Fields {
    action: String,
}

pub(super) async fn show(State(provider): SharedProvider, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let pages = provider.config.pages.clone().unwrap_or_default();
    let browser = cookies::read(&provider, &headers, Name::Browser);
    let state = provider.state();
    let Some(interaction) = state.visits.interaction(&id, browser.as_deref(), provider.now()) else {
        return ended(&pages);
    };
    let (scopes, resources) = (interaction.params.get("scope"), interaction.params.all("resource"));
    let content = html! {
        p { strong { (pages.app_name) } " requests access to your account." }
        h2 { "Scopes" }
        ul.scopes { @for scope in scopes.unwrap_or_default().split_whitespace() { li { code { (scope) } } } }
        @if !resources.is_empty() {
            h2 { "API resources" }
            ul.scopes { @for resource in resources { li { code { (resource) } } } }
        }
        form.row method="post" {
            button name="action" value="allow" { "Allow" }
            button.plain name="action" value="deny" { "Deny" }
        }
    };
    let mut page = Page::new("Allow access?", content);
    page.form_target(interaction.params.get("redirect_uri"));
    page.into_response(&pages)
}

pub(super) async fn submit(
    State(provider): SharedProvider,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, OidcError> {
    let pages = provider.config.pages.clone().unwrap_or_default();
    let browser = cookies::read(&provider, &headers, Name::Browser);
    let session = cookies::read(&provider, &headers, Name::Session);
    let now = provider.now();
    let interaction = provider.state().visits.take_interaction(&id, browser.as_deref(), now);
    let Some(mut interaction) = interaction else {
        return Ok(ended(&pages));
    };
    if fields.action != "allow" {
        let error = OidcError::other("access_denied", "End-User aborted interaction");
        return redirect_to_callback(&provider, &interaction.params, || Err(error));
    }
    interaction.consented = true;
    if let Some(cookie) = interaction.signed_in.as_deref().or(session.as_deref())
        && let Some(visit) = provider.state().visits.session(cookie, now)
    {
        visit.consented = true;
    }
    next_step(&provider, &pages, interaction, session.as_deref())
}
