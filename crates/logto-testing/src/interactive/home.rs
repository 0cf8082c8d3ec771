//! The provider's home page, and the pictures of its users.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use maud::html;

use super::{
    cookies::{self, Name},
    page::Page,
};
use crate::{provider::SharedProvider, requests::Endpoint};

pub(super) async fn home(State(provider): SharedProvider, headers: HeaderMap) -> Response {
    let pages = provider.config.pages.clone().unwrap_or_default();
    let cookie = cookies::read(&provider, &headers, Name::Session);
    let mut state = provider.state();
    let visit = cookie.and_then(|cookie| state.visits.session(&cookie, provider.now()).cloned());
    let signed_in = visit.and_then(|visit| state.user(&visit.session.user_id));
    let content = html! {
        p { "Issuer: " code { (provider.issuer()) } }
        @match signed_in {
            Some(user) => {
                p { "This browser is signed in as " strong { (user.username) } "." }
                p { a href=(Endpoint::EndSession.path()) { "Sign out" } }
            }
            None => p { "This browser is not signed in." }
        }
        h2 { "Users" }
        ul.scopes { @for user in &state.users {
            li { code { (user.username) } @if let Some(name) = &user.name { " " (name) } }
        } }
    };
    Page::new("Provider", content).into_response(&pages)
}

/// A user's picture, `/pictures/<username>.svg`: the initial on a disc.
pub(super) async fn picture(State(provider): SharedProvider, Path(name): Path<String>) -> Response {
    let state = provider.state();
    let user = state
        .users
        .iter()
        .find(|user| name.strip_suffix(".svg") == Some(&user.username));
    let Some(initial) = user.and_then(|user| user.username.chars().next()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let image = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64" {
            circle cx="32" cy="32" r="32" fill="#5d34f2";
            text x="32" y="43" font-family="sans-serif" font-size="32" fill="#fff" text-anchor="middle" {
                (initial.to_uppercase())
            }
        }
    };
    ([(header::CONTENT_TYPE, "image/svg+xml")], image.into_string()).into_response()
}
