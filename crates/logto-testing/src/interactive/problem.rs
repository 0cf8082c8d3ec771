//! Pages about errors.

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use maud::html;

use super::page::Page;
use crate::{
    config::InteractivePages,
    endpoints::error::OidcError,
    provider::{Provider, SharedProvider},
};

/// Middleware that shows an error on a page if a browser opens the address.
pub(crate) async fn errors_as_pages(State(provider): SharedProvider, request: Request, next: Next) -> Response {
    let accept = request.headers().get(header::ACCEPT);
    let is_document = accept.is_some_and(|types| types.to_str().is_ok_and(|types| types.contains("text/html")));
    let response = next.run(request).await;
    match (&provider.config.pages, response.extensions().get::<OidcError>()) {
        (Some(pages), Some(error)) if is_document => error_page(&provider, pages, error),
        _ => response,
    }
}

fn error_page(provider: &Provider, pages: &InteractivePages, error: &OidcError) -> Response {
    let advice = match error.error.as_str() {
        "invalid_redirect_uri" if provider.config.loopback_redirects => {
            "This provider accepts addresses on this machine only, such as http://127.0.0.1 and http://localhost."
        }
        "invalid_redirect_uri" => "Register the app's redirect URI, exactly as the app sends it.",
        "invalid_client" => "Compare the app's client id and client secret with those of this provider.",
        "not_found" => "There is no such page. The app may have a wrong endpoint.",
        _ => "Go back to the app and start again.",
    };
    let endpoint = provider.public_endpoint();
    let content = html! {
        p role="alert" { (error.description) }
        p { (advice) }
        p { "Error code: " code { (error.error) } ". Endpoint: " code { (endpoint) } }
    };
    let mut response = Page::new("This request cannot be answered", content).into_response(pages);
    *response.status_mut() = error.status;
    response
}

/// A page for a sign-in that cannot continue.
pub(super) fn problem(pages: &InteractivePages, status: StatusCode, title: &str, text: &str) -> Response {
    let content = html! {
        p role="alert" { (text) }
        p { "Go back to " (pages.app_name) " and start again." }
    };
    (status, Page::new(title, content).into_response(pages)).into_response()
}

/// The page for an address of a sign-in that is unknown, finished, or of another browser.
pub(super) fn ended(pages: &InteractivePages) -> Response {
    let text = "The sign-in session was not found: it is finished, it is older than an hour, or the provider has \
        restarted.";
    problem(pages, StatusCode::BAD_REQUEST, "This sign-in has ended", text)
}
