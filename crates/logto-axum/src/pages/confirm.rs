//! The pages that ask for a click before a sign-in or a sign-out.

use axum::response::Response;
use http::{HeaderValue, header};
use logto::SignInOptions;

use crate::{
    pages::{
        form::{escape_text, hidden_field},
        page,
    },
    session::AuthSession,
};

/// The page that asks for a click before a sign-in. Its form repeats all options of the link.
pub(crate) fn sign_in_page(session: &AuthSession, options: &SignInOptions) -> Response {
    let fields = options.to_fields();
    let fields: String = fields.iter().map(|(name, value)| hidden_field(name, value)).collect();
    confirm_page(session, "sign-in", "confirm-sign-in", &fields)
}

/// The page that asks for a click before a sign-out.
pub(crate) fn sign_out_page(session: &AuthSession) -> Response {
    confirm_page(session, "sign-out", "confirm-sign-out", "")
}

/// Makes a page from the keys of its title and its text.
///
/// The form goes to the page itself without the query (`action="?"`), so it works below any prefix.
/// Its policy allows the provider too, because browsers apply `form-action` to the redirects that
/// follow a form.
fn confirm_page(session: &AuthSession, title: &str, text: &str, fields: &str) -> Response {
    let texts = session.translation();
    let [title, text] = [title, text].map(|key| texts.text(key));
    let (button, text) = (escape_text(&title), escape_text(&text));
    let form = format!("<p>{text}</p><form method=post action=\"?\">{fields}<button>{button}</button></form>");
    let mut page = page(texts, &title, &form);
    let policy = session.shared().headers.own_forms.clone();
    let headers = page.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    // The query may contain a one-time token, so only the origin is sent. The form needs its
    // `Origin`, which `no-referrer` would remove.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    page
}
