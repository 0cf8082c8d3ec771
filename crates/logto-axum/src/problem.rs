//! Failures as a person sees them: what happened, what to do, the code, and a button that starts a sign-in.

use axum::{body::Body, response::Response};
use http::{StatusCode, header};

use crate::{
    advice::{Advice, advice},
    error::AnsweredWith,
    page::{escape, page},
    return_to::ReturnTo,
    session::AuthSession,
};

/// A page about a failure. `more` is HTML.
pub(crate) fn problem_page(
    session: &AuthSession,
    status: StatusCode,
    advice: Advice,
    more: &str,
    return_to: Option<&ReturnTo>,
) -> Response {
    let (address, headers) = (session.address(), &session.shared().headers);
    let home = escape(&address.absolute("/"));
    let action = escape(&address.absolute(&session.shared().web.paths().sign_in));
    let return_to = return_to.map_or_else(String::new, |path| hidden_field("return_to", path.as_str()));
    let Advice { code, title, advice } = advice;
    let mut page = page(
        title,
        &format!(
            "<p>{advice}</p>{more}<p>Code: <code>{code}</code></p>\
             <form method=post action=\"{action}\">{return_to}<button>Sign in</button></form>\
             <p><a href=\"{home}\">Back to the home page</a></p>"
        ),
    );
    *page.status_mut() = status;
    page.headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, headers.own_forms.clone());
    page
}

pub(crate) fn hidden_field(name: &str, value: &str) -> String {
    let (name, value) = (escape(name), escape(value));
    format!("<input type=hidden name=\"{name}\" value=\"{value}\">")
}

/// Puts a page in place of an answer that is a bare code. Its status and `Retry-After` stay.
pub(crate) fn shown_to_a_person(mut response: Response<Body>, session: &AuthSession) -> Response<Body> {
    let Some(AnsweredWith(code)) = response.extensions_mut().remove() else {
        return response;
    };
    let return_to = session.calling_page();
    let mut page = problem_page(session, response.status(), advice(code), "", return_to.as_ref());
    if let Some(retry_after) = response.headers_mut().remove(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, retry_after);
    }
    page
}
