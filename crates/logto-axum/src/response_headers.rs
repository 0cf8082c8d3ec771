//! What every response says to the browser, the app's own among them: be careful. A header that a response has already stands.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use logto::{LogtoClient, is_loopback};
use url::Url;

use crate::{config::CheckedWebConfig, csp::ContentSecurityPolicy, page, sites::Sites};

/// The headers that depend on the configuration.
#[derive(Debug)]
pub(crate) struct SecurityHeaders {
    pub(crate) policy: Option<ContentSecurityPolicy>,
    /// The policy for pages that have no nonce.
    content_security_policy: Option<HeaderValue>,
    /// The policy of this crate's own pages that have a form.
    pub(crate) own_forms: HeaderValue,
    strict_transport_security: Option<HeaderValue>,
}

impl SecurityHeaders {
    pub(crate) fn new(web: &CheckedWebConfig, sites: &Sites, client: &LogtoClient) -> Self {
        let origins = || sites.iter().filter_map(|site| Url::parse(&site.address.origin).ok());
        // Browsers would insist on https for every other server on the developer's machine too.
        let all = sites.addresses();
        let mut all = all.filter_map(|address| Url::parse(&address.origin).ok());
        let all_secure = all.all(|origin| origin.scheme() == "https" && !is_loopback(&origin));
        let max_age = web.config.hsts_max_age.filter(|_| all_secure);
        let policy = web.config.content_security_policy.clone();
        let with_form_targets = |policy: ContentSecurityPolicy| policy.with_form_targets(origins(), client);
        let forms = with_form_targets(policy.clone().unwrap_or_default());
        let policy = policy.map(with_form_targets);
        Self {
            own_forms: page::policy().with_forms_of(&forms).to_header(None),
            content_security_policy: policy.as_ref().map(|policy| policy.to_header(None)),
            policy,
            strict_transport_security: max_age
                .and_then(|seconds| HeaderValue::try_from(format!("max-age={seconds}")).ok()),
        }
    }

    /// Completes the headers of a response. `policy` is the page's own, with its nonce.
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
        if is_page(headers) && !self.says_who_may_frame(headers, policy) {
            add(headers, header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        }
    }

    /// Adds the policy to a page that has none; whether the page has `frame-ancestors` then, which obsoletes `X-Frame-Options` (CSP Level 3
    /// §6.4.2.2).
    fn says_who_may_frame(&self, headers: &mut HeaderMap, policy: Option<HeaderValue>) -> bool {
        if headers.contains_key(header::CONTENT_SECURITY_POLICY) {
            let mut policies = headers.get_all(header::CONTENT_SECURITY_POLICY).iter();
            return policies.any(has_frame_ancestors);
        }
        let policy = policy.or_else(|| self.content_security_policy.clone());
        // Each of ours has them.
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

/// Whether a browser shows it as a page.
pub(crate) fn is_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.as_bytes().get(..9))
        .is_some_and(|kind| kind.eq_ignore_ascii_case(b"text/html"))
}
