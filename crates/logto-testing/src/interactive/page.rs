//! The frame of every page: HTML, the stylesheet, and a policy that allows nothing else.

use std::sync::LazyLock;

use aws_lc_rs::digest;
use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use maud::{DOCTYPE, Markup, html};
use url::Url;

use crate::config::InteractivePages;

pub(super) const STYLESHEET: &str = "/provider.css";

/// The only script. The policy allows it by its digest.
pub(super) const SUBMIT_SCRIPT: &str = "document.getElementById('logout').submit()";

static SCRIPT_DIGEST: LazyLock<String> =
    LazyLock::new(|| BASE64_STANDARD.encode(digest::digest(&digest::SHA256, SUBMIT_SCRIPT.as_bytes())));

pub(super) async fn stylesheet() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css"), (header::CACHE_CONTROL, "no-cache")];
    (headers, include_str!("page.css")).into_response()
}

pub(super) struct Page<'a> {
    title: &'a str,
    content: Markup,
    /// The origin that the forms redirect to.
    form_origin: Option<String>,
}

impl<'a> Page<'a> {
    pub(super) fn new(title: &'a str, content: Markup) -> Self {
        Self {
            title,
            content,
            form_origin: None,
        }
    }

    /// Allows the forms to redirect to the origin of `uri`: browsers apply `form-action` to the
    /// redirects after a form too (CSP Level 3 §6.4.1).
    pub(super) fn form_target(&mut self, uri: Option<&str>) {
        let url = uri.and_then(|uri| Url::parse(uri).ok());
        self.form_origin = url.map(|url| url.origin().ascii_serialization());
    }

    pub(super) fn into_response(self, pages: &InteractivePages) -> Response {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href=(STYLESHEET);
                }
                body {
                    @if let Some(notice) = &pages.notice {
                        aside aria-label="About this provider" { p { (notice) } }
                    }
                    main {
                        h1 { (self.title) }
                        (self.content)
                    }
                }
            }
        };
        let policy = format!(
            "default-src 'none'; style-src 'self'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; \
             frame-ancestors 'none'; form-action 'self' {}",
            *SCRIPT_DIGEST,
            self.form_origin.unwrap_or_default()
        );
        let policy = HeaderValue::try_from(policy).expect("an origin is ASCII");
        let headers: [(HeaderName, HeaderValue); 5] = [
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        (headers, Html(page.into_string())).into_response()
    }
}
