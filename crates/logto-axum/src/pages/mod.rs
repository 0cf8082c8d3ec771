//! The HTML pages of this crate: one template and one stylesheet, without scripts.

pub(crate) mod confirm;
pub(crate) mod failure;
pub(crate) mod form;
pub(crate) mod unavailable;

use std::sync::LazyLock;

use axum::response::{Html, IntoResponse as _, Response};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderName, HeaderValue, header};
use sha2::{Digest as _, Sha256};

use crate::{
    headers::csp::{ContentSecurityPolicy, CspDirective},
    pages::form::{escape, escape_text},
    texts::Translation,
};

const STYLE: &str = include_str!("page.css");

/// The policy of these pages, without forms. The style is allowed by its hash (CSP Level 3 §2.3.1).
pub(crate) fn policy() -> ContentSecurityPolicy {
    let style = format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(STYLE)));
    ContentSecurityPolicy::of(&[
        (CspDirective::DefaultSrc, &["'none'"]),
        (CspDirective::StyleSrc, &[&style]),
        (CspDirective::BaseUri, &["'none'"]),
        (CspDirective::FormAction, &["'none'"]),
        (CspDirective::FrameAncestors, &["'none'"]),
    ])
}

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| policy().to_header(None));

/// Makes a page with this heading in this language. `main` is HTML.
pub(crate) fn page(texts: &Translation, title: &str, main: &str) -> Response {
    let (language, title) = (escape(texts.language()), escape_text(title));
    let html = format!(
        "<!DOCTYPE html><html lang=\"{language}\"><meta charset=utf-8>\
         <meta name=viewport content='width=device-width, initial-scale=1'><title>{title}</title>\
         <style>{STYLE}</style><main><h1>{title}</h1>{main}</main></html>"
    );
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_SECURITY_POLICY, POLICY.clone()),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, Html(html)).into_response()
}

/// The paragraph with the stable code. It is text for the operator, in every language.
pub(crate) fn code_paragraph(texts: &Translation, code: &str) -> String {
    with_value(texts, "code", "code", code)
}

/// A paragraph whose variable is set in a monospaced face.
pub(crate) fn with_value(texts: &Translation, key: &str, name: &str, value: &str) -> String {
    // Escaping does not change the mark.
    const MARK: &str = "\u{1}";
    let text = escape_text(&texts.text_with(key, name, MARK));
    let value = format!("<code>{}</code>", escape(value));
    format!("<p>{}</p>", text.replace(MARK, &value))
}
