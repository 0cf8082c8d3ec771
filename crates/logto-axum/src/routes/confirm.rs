//! `GET /sign-in`, `GET /sign-out`: a link, a bookmark or a prefetch does nothing yet; a button asks first.

use axum::{extract::RawQuery, response::Response};
use http::header;
use url::form_urlencoded;

use crate::{
    page::{escape, page},
    return_to::ReturnTo,
    session::AuthSession,
};

pub(crate) async fn sign_in(session: AuthSession, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let wanted = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "return_to");
    let return_to = wanted.and_then(|(_, path)| ReturnTo::parse(&path));
    let field = return_to.map_or_else(String::new, |path| {
        format!("<input type=hidden name=return_to value=\"{}\">", escape(path.as_str()))
    });
    ask(
        &session,
        "Sign in",
        "Press the button to go on to the sign-in page.",
        &field,
    )
}

pub(crate) async fn sign_out(session: AuthSession) -> Response {
    ask(&session, "Sign out", "Press the button to sign out.", "")
}

/// Without `action` a form goes to the page's own address, below whatever prefix that is. Browsers apply `form-action` to the redirects after
/// it as well.
fn ask(session: &AuthSession, title: &str, text: &str, field: &str) -> Response {
    let form = format!("<p>{text}</p><form method=post>{field}<button>{title}</button></form>");
    let mut page = page(title, &form);
    let policy = session.logto().shared.headers.own_forms.clone();
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    page
}
