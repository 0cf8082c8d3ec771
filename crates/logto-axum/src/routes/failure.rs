//! A failed sign-in or sign-out: redirects to the page of the app, or to a plain page.

use std::time::Duration;

use axum::response::Response;
use http::{StatusCode, header};
use url::form_urlencoded;

use super::see_other::see_other;
use crate::{
    advice::advice,
    error::{ANOTHER_USER, RouteError},
    hooks::refusal::RefusedByApp,
    pages::{
        failure::{Offer, problem_page, refusal_page},
        form::escape_text,
        unavailable, with_value,
    },
    return_to::ReturnTo,
    session::AuthSession,
};

/// Redirects to the page for failed sign-ins. Its query has the stable code, the return path for a
/// button that starts again, and the delay, but nothing from the provider.
///
/// This is also the response if the store is unavailable: the callback cannot be repeated, because
/// the transaction cookie was removed.
pub(crate) fn respond(session: &AuthSession, error: &RouteError, return_to: Option<&ReturnTo>) -> Response {
    tracing::warn!(code = error.code(), %error, "a sign-in or sign-out failed");
    // A redirect does not depend on the session, so the store need not be available.
    session.lock().store_failed = false;
    let (address, paths) = (session.address(), session.shared().web.paths());
    let (path, name) = match &paths.error {
        Some(path) => (path, "code"),
        None => (&paths.callback, FAILED),
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    match error {
        RouteError::Refused(refused) => append_refusal(&mut query, session, name, refused),
        RouteError::AnotherUser { user, link_email } => {
            let refused = another_user(session, user, link_email);
            append_refusal(&mut query, session, name, &refused);
        }
        error => {
            query.append_pair(name, advice(error.code()).code);
        }
    }
    if let Some(wait) = error.retry_after() {
        query.append_pair(WAIT, &wait.as_secs().to_string());
    }
    if let Some(path) = return_to.filter(|path| **path != ReturnTo::home()) {
        query.append_pair("return_to", path.as_str());
    }
    see_other(&format!("{}?{}", address.absolute(path), query.finish()))
}

fn append_refusal(
    query: &mut form_urlencoded::Serializer<'_, String>,
    session: &AuthSession,
    name: &str,
    refused: &RefusedByApp,
) {
    query.append_pair(name, &refused.code);
    let has_text = session.shared().web.paths().error.is_none() || !refused.text.is_empty();
    if let Some(sealed) = session.jar().seal_refusal(refused).filter(|_| has_text) {
        query.append_pair(REFUSAL, &sealed);
    }
}

/// The text that says that a magic link is for another user.
fn another_user(session: &AuthSession, user: &str, link_email: &str) -> RefusedByApp {
    let short = |text: &str| text.chars().take(MAX_NAME).collect::<String>();
    // Anyone can write a link, so its hint is shown only if it is an email address.
    let is_address = link_email.contains('@') && !link_email.contains(|c: char| c.is_whitespace() || c.is_control());
    let text = if is_address {
        let args = [("user", short(user)), ("email", short(link_email))];
        session.translation().text_with_all("another-user", args)
    } else {
        session.advice(ANOTHER_USER).advice
    };
    let code = ANOTHER_USER.to_owned();
    RefusedByApp { code, text }
}

/// The maximum length of a name in the text for another user, in characters.
const MAX_NAME: usize = 100;

/// The query parameter that selects the plain page. It comes first, which it does in no callback of
/// the provider.
const FAILED: &str = "failed";

/// The delay in seconds, if the provider or the store named one.
const WAIT: &str = "retry_after";

/// The sealed text of a sign-in that the app refused: without the seal, any link could show its own
/// text on this page or that of the app.
const REFUSAL: &str = "refusal";

/// Returns the plain page, for apps without their own page for failures.
pub(crate) fn plain_page(session: &AuthSession, query: &str) -> Option<Response> {
    let fields: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let (_, code) = fields.first().filter(|(name, _)| name == FAILED)?;
    let field = |wanted| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
    let return_to = field("return_to").and_then(|path| ReturnTo::parse(path));
    if let Some(refused) = field(REFUSAL).and_then(|sealed| session.jar().open_refusal(code, sealed)) {
        return Some(refusal_page(session, &refused, return_to.as_ref()));
    }
    // Parsed, so that no other text of the request gets into the page.
    let wait = field(WAIT).and_then(|seconds| seconds.parse::<u32>().ok());
    let wait = wait.map(|seconds| Duration::from_secs(seconds.into()));
    let advice = session.advice(code);
    let when = wait.map_or_else(String::new, |wait| {
        format!("<p>{}</p>", escape_text(&session.try_again_in(wait)))
    });
    let uri = if advice.code == "redirect_uri_not_registered" {
        with_value(session.translation(), "redirect-uri", "uri", &session.redirect_uri())
    } else {
        String::new()
    };
    let status = match (advice.code, wait) {
        ("sign_in_hook_timed_out", _) | (_, Some(_)) => StatusCode::SERVICE_UNAVAILABLE,
        ("sign_in_hook_failed", None) => StatusCode::INTERNAL_SERVER_ERROR,
        (_, None) => StatusCode::BAD_REQUEST,
    };
    let offer = match advice.code {
        // The same page would demand the same proof.
        "authentication_too_weak" | "unmet_authentication_requirements" => Offer::TryAgainOrSignOut,
        _ => Offer::SignIn,
    };
    let more = when + &uri;
    let mut page = problem_page(session, status, advice, &more, offer, return_to.as_ref());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        page.headers_mut()
            .insert(header::RETRY_AFTER, unavailable::retry_after(wait));
    }
    Some(page)
}
