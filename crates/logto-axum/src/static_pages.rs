//! Pages that Leptos renders once for all users (`SsrMode::Static`), and sends as files from then on.
//!
//! Such a page has the nonce of its only rendering, in which there is no request and so no policy. Each response gets a policy without a
//! nonce instead, which allows the inline scripts and styles that have the nonce by their hashes (CSP Level 3 §2.3.1). The nonce was not
//! known when the content was rendered, so a script that slipped into the content has another, or none, and is not run.

use std::collections::HashSet;

use axum::{
    body::{Body, to_bytes},
    extract::MatchedPath,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{Method, Request, Response, StatusCode, header};
use sha2::{Digest as _, Sha256};

use crate::{address::Address, response_headers::is_page};

/// Routes of static pages, written as axum writes them (`/posts/{slug}`).
#[derive(Clone, Debug, Default)]
pub(crate) struct StaticPages(HashSet<String>);

impl StaticPages {
    pub(crate) fn new(routes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(routes.into_iter().map(Into::into).collect())
    }

    /// Whether the request is for one of them.
    pub(crate) fn are_meant(&self, address: &Address, request: &Request<Body>) -> bool {
        if self.0.is_empty() || request.method() != Method::GET {
            return false;
        }
        let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        let route = route.unwrap_or_else(|| request.uri().path());
        self.0.contains(route) || self.0.contains(address.within(route))
    }
}

/// The response, and the digests of the inline scripts and styles that were rendered with the page.
pub(crate) async fn with_digests(response: Response<Body>) -> (Response<Body>, Vec<String>) {
    let headers = response.headers();
    // A page that does not exist is rendered in the same way, for each request anew.
    let has_page = response.status() != StatusCode::PARTIAL_CONTENT && is_page(headers);
    if !has_page || headers.contains_key(header::CONTENT_ENCODING) {
        return (response, Vec::new());
    }
    let (parts, body) = response.into_parts();
    // A file that the app has written itself, of a page: its length is not another's choice.
    let Ok(page) = to_bytes(body, usize::MAX).await else {
        tracing::error!(
            code = "static_page_unreadable",
            "the file of a static page could not be read"
        );
        let mut failed = Response::new(Body::empty());
        *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return (failed, Vec::new());
    };
    let digests = std::str::from_utf8(&page).map(digests).unwrap_or_default();
    (Response::from_parts(parts, Body::from(page)), digests)
}

fn digests(page: &str) -> Vec<String> {
    let Some(nonce) = nonce(page) else {
        tracing::warn!(
            code = "static_page_without_nonce",
            "a static page does not end as Leptos ends one: its inline scripts are blocked"
        );
        return Vec::new();
    };
    let mut digests = Vec::new();
    for (start, end) in [("<script", "</script>"), ("<style", "</style>")] {
        let mut rest = page;
        while let Some(at) = rest.find(start) {
            rest = &rest[at + start.len()..];
            let Some((tag, content)) = rest.split_at_checked(tag_length(rest)) else {
                break;
            };
            rest = content;
            if let Some((content, after)) = content.split_once(end)
                && tag.contains(&nonce)
            {
                digests.push(BASE64_STANDARD.encode(Sha256::digest(content)));
                rest = after;
            }
        }
    }
    digests.retain(|digest| digest != EMPTY);
    digests.sort_unstable();
    digests.dedup();
    digests
}

/// Of a script that has a `src` instead.
const EMPTY: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

/// The attribute of the page's nonce. Leptos appends a script of its own to every page, after all content: nothing else can stand there.
fn nonce(page: &str) -> Option<String> {
    let last = &page[page.rfind("<script")?..];
    let (tag, content) = last.split_once('>')?;
    let nonce = tag.strip_prefix("<script nonce=\"")?.strip_suffix('"')?;
    let is_last = content
        .trim_end()
        .split_once("</script>")
        .is_some_and(|(_, after)| after.is_empty());
    (is_last && !nonce.is_empty()).then(|| format!("nonce=\"{nonce}\""))
}

/// Length of a tag to the end of its `>`, which may also stand in the quotes of an attribute.
fn tag_length(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: &str = r#"<script nonce="N">__INCOMPLETE_CHUNKS=[];</script>"#;

    fn allowed(page: &str) -> Vec<String> {
        digests(page)
    }

    fn digest(script: &str) -> String {
        BASE64_STANDARD.encode(Sha256::digest(script))
    }

    fn expected(scripts: &[&str]) -> Vec<String> {
        let mut expected: Vec<_> = scripts.iter().map(|script| digest(script)).collect();
        expected.sort();
        expected
    }

    #[test]
    fn inline_scripts_and_styles_with_the_pages_nonce_are_allowed() {
        let page = [
            r#"<html><head><style nonce="N">p { color: red }</style><script type="module" nonce="N">hydrate()</script></head>"#,
            r#"<script src="/a.js" defer nonce="N"></script><script data-x="a > b" nonce="N">second()</script></html>"#,
            END,
        ];
        let scripts = ["p { color: red }", "hydrate()", "second()", "__INCOMPLETE_CHUNKS=[];"];
        assert_eq!(allowed(&page.concat()), expected(&scripts));
    }

    #[test]
    fn a_script_that_slipped_into_the_content_is_not_allowed() {
        for slipped in [
            "<script>steal()</script>",
            r#"<script nonce="guessed">steal()</script>"#,
            r#"<script nonce="guessed">steal()</script><!-- nonce="N" -->"#,
            r#"<p title='<script nonce="guessed">steal()</script>'></p>"#,
        ] {
            let page = format!("<html>{slipped}</html>{END}");
            assert_eq!(allowed(&page), expected(&["__INCOMPLETE_CHUNKS=[];"]), "{slipped}");
        }
    }

    #[test]
    fn a_page_that_does_not_end_as_leptos_ends_one_allows_nothing() {
        for page in [
            "",
            "<html></html>",
            r#"<script nonce="guessed">steal()</script><p>"#,
            r#"<script nonce="">steal()</script>"#,
            "<script>steal()</script>",
            r#"<script src="/a.js" nonce="N"></script>"#,
            r#"<script nonce="N">cut off"#,
        ] {
            assert!(allowed(page).is_empty(), "{page}");
        }
    }

    #[test]
    fn the_digest_of_nothing_is_known() {
        assert_eq!(digest(""), EMPTY);
    }
}
