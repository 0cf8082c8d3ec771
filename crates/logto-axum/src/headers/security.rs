//! Security headers of every response. Headers that a response sets itself are kept.

use std::sync::atomic::{AtomicBool, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use logto::{LogtoClient, is_loopback};
use url::Url;

use crate::{address::sites::Sites, config::check::CheckedWebConfig, headers::csp::ContentSecurityPolicy, pages};

/// Whether an app of this process sends a policy. A static page is rendered without a request, so it
/// cannot ask its app.
static POLICY_IS_CONFIGURED: AtomicBool = AtomicBool::new(false);

/// Whether an app of this process sends a content security policy.
pub(crate) fn is_policy_configured() -> bool {
    POLICY_IS_CONFIGURED.load(Ordering::Relaxed)
}

/// The headers that depend on the configuration.
#[derive(Debug)]
pub(crate) struct ResponseHeaders {
    pub(crate) policy: Option<ContentSecurityPolicy>,
    /// The policy for pages without a nonce.
    content_security_policy: Option<HeaderValue>,
    /// The policy for pages of this crate with a form.
    pub(crate) own_forms: HeaderValue,
    strict_transport_security: Option<HeaderValue>,
    denies_frames: bool,
}

impl ResponseHeaders {
    pub(crate) fn new(web: &CheckedWebConfig, sites: &Sites, client: &LogtoClient) -> Self {
        let origins = || sites.iter().filter_map(|site| Url::parse(&site.address.origin).ok());
        // On this machine, browsers would insist on https for every other server there too.
        let all = sites.addresses();
        let mut all = all.filter_map(|address| Url::parse(&address.origin).ok());
        let all_secure = all.all(|origin| origin.scheme() == "https" && !is_loopback(&origin));
        let chosen = web.config.security_headers.clone().unwrap_or_default();
        let max_age = chosen.hsts_max_age.filter(|_| all_secure);
        let policy = chosen.content_security_policy;
        let with_form_targets = |policy: ContentSecurityPolicy| policy.with_form_targets(origins(), client);
        let forms = with_form_targets(policy.clone().unwrap_or_default());
        let policy = policy.map(with_form_targets);
        POLICY_IS_CONFIGURED.fetch_or(policy.is_some(), Ordering::Relaxed);
        Self {
            own_forms: pages::policy().with_forms_of(&forms).to_header(None),
            content_security_policy: policy.as_ref().map(|policy| policy.to_header(None)),
            policy,
            strict_transport_security: max_age
                .and_then(|seconds| HeaderValue::try_from(format!("max-age={seconds}")).ok()),
            denies_frames: chosen.denies_frames,
        }
    }

    /// Adds the headers to a response. `policy` is that of the page, with its nonce.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap, policy: Option<HeaderValue>) {
        add(
            headers,
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        let referrer_policy = HeaderValue::from_static("strict-origin-when-cross-origin");
        add(headers, header::REFERRER_POLICY, referrer_policy);
        if let Some(value) = &self.strict_transport_security {
            add(headers, header::STRICT_TRANSPORT_SECURITY, value.clone());
        }
        let document = document(headers);
        if document == Some(Document::Image) && self.policy.is_some() {
            add(headers, header::CONTENT_SECURITY_POLICY, IMAGE_POLICY);
        }
        let is_framed = matches!(document, Some(Document::Page | Document::Xml));
        if is_framed && !self.restricts_framing(headers, policy) && self.denies_frames {
            add(headers, header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        }
    }

    /// Adds the policy to a page that has none. Returns whether the policy of the page has
    /// `frame-ancestors`, which obsoletes `X-Frame-Options` (CSP Level 3 §6.4.2.2).
    fn restricts_framing(&self, headers: &mut HeaderMap, policy: Option<HeaderValue>) -> bool {
        if headers.contains_key(header::CONTENT_SECURITY_POLICY) {
            let mut policies = headers.get_all(header::CONTENT_SECURITY_POLICY).iter();
            return policies.any(has_frame_ancestors);
        }
        let policy = policy.or_else(|| self.content_security_policy.clone());
        // Every policy of this crate has `frame-ancestors`.
        policy.is_some_and(|policy| {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            true
        })
    }
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}

fn has_frame_ancestors(policy: &HeaderValue) -> bool {
    let mut directives = policy.as_bytes().split(|byte| matches!(byte, b';' | b','));
    directives.any(|directive| {
        let name = directive.trim_ascii().split(u8::is_ascii_whitespace).next();
        name.is_some_and(|name| name.eq_ignore_ascii_case(b"frame-ancestors"))
    })
}

/// For SVG that is opened as a document, or in a frame of this site: no scripts. Firefox applies
/// the policy in `<img>` too, so it allows styles.
const IMAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src 'self' data:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
);

/// A type that browsers open as a document, and whose scripts they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Document {
    /// HTML and XHTML.
    Page,
    /// SVG.
    Image,
    /// Other XML, which may contain XHTML elements.
    Xml,
}

fn document(headers: &HeaderMap) -> Option<Document> {
    let kind = headers.get(header::CONTENT_TYPE)?.as_bytes();
    let end = kind
        .iter()
        .position(|byte| matches!(byte, b';' | b','))
        .unwrap_or(kind.len());
    let kind = kind[..end].trim_ascii();
    let is = |name: &str| kind.eq_ignore_ascii_case(name.as_bytes());
    let is_xml = || {
        let suffix = kind.len().checked_sub(4).map(|start| &kind[start..]);
        is("text/xml") || is("application/xml") || suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case(b"+xml"))
    };
    match kind {
        _ if is("text/html") || is("application/xhtml+xml") => Some(Document::Page),
        _ if is("image/svg+xml") => Some(Document::Image),
        _ if is_xml() => Some(Document::Xml),
        _ => None,
    }
}

/// Whether browsers show the response as a page.
pub(crate) fn is_page(headers: &HeaderMap) -> bool {
    document(headers) == Some(Document::Page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_whose_scripts_browsers_run_is_a_document() {
        for (kind, expected) in [
            ("text/html", Some(Document::Page)),
            ("Text/HTML; charset=utf-8", Some(Document::Page)),
            ("application/xhtml+xml", Some(Document::Page)),
            ("image/svg+xml", Some(Document::Image)),
            ("image/SVG+xml;charset=utf-8", Some(Document::Image)),
            ("text/xml", Some(Document::Xml)),
            ("application/xml ; charset=utf-8", Some(Document::Xml)),
            ("application/atom+xml", Some(Document::Xml)),
            ("text/htmlx", None),
            ("text/plain; charset=text/html", None),
            ("application/json", None),
            ("xml", None),
        ] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]);
            assert_eq!(document(&headers), expected, "{kind}");
        }
        assert_eq!(document(&HeaderMap::new()), None);
    }
}
