//! `GET /sign-in`, `GET /sign-out`: a link, a bookmark or a prefetch does nothing yet; a button
//! asks first. Mail scanners follow links, so that a magic link is not used up before its user
//! presses the button.

use axum::{extract::RawQuery, response::Response};
use http::{HeaderValue, header};

use crate::{
    pages::failure::hidden_field,
    pages::page,
    return_to::ReturnTo,
    routes::{
        failure,
        sign_in::{read, wanted_path},
    },
    session::AuthSession,
};

/// Whatever a link may ask for, the form of the page asks for again.
pub(crate) async fn sign_in(session: AuthSession, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let return_to =
        wanted_path(query.as_bytes()).and_then(|path| ReturnTo::parse(&path).map(ReturnTo::without_one_time_token));
    let options = match read(&session, query.as_bytes()) {
        Ok(options) => options,
        Err(error) => return failure::respond(&session, &error.into(), return_to.as_ref()),
    };
    let options = match return_to {
        Some(path) => options.with_post_redirect(path.to_string()),
        None => options.without_post_redirect(),
    };
    let fields = options.to_fields();
    let fields: String = fields.iter().map(|(name, value)| hidden_field(name, value)).collect();
    let text = "Press the button to go on to the sign-in page.";
    ask(&session, "Sign in", text, &fields)
}

pub(crate) async fn sign_out(session: AuthSession) -> Response {
    ask(&session, "Sign out", "Press the button to sign out.", "")
}

/// `action=?` is the page's own address, below whatever prefix that is, without its query. Browsers
/// apply `form-action` to the redirects after it as well.
fn ask(session: &AuthSession, title: &str, text: &str, fields: &str) -> Response {
    let form = format!("<p>{text}</p><form method=post action=\"?\">{fields}<button>{title}</button></form>");
    let mut page = page(title, &form);
    let policy = session.shared().headers.own_forms.clone();
    let headers = page.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    // The query may hold a one-time token. The form still needs its `Origin`, which `no-referrer`
    // would take away.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    page
}
