//! The security headers that an app opts in to.

use crate::headers::csp::ContentSecurityPolicy;

/// A year, in seconds.
const YEAR: u64 = 365 * 24 * 60 * 60;

/// Security headers that can break an app that was written without them.
///
/// A content security policy blocks fonts, scripts and images from elsewhere; HSTS makes the host
/// unreachable over http; `X-Frame-Options` forbids to embed the pages. So an app opts in to them,
/// with [`WebConfig::with_security_headers`](crate::WebConfig::with_security_headers).
///
/// ```
/// use logto_axum::{ContentSecurityPolicy, CspDirective, SecurityHeaders, WebConfig};
///
/// // Profile pictures come from any site.
/// let policy = ContentSecurityPolicy::default().allow(CspDirective::ImgSrc, "https:");
/// let web = WebConfig::new("https://app.example.com", ["a secret of thirty-two bytes or more".into()])
///     .with_security_headers(SecurityHeaders::strict().with_content_security_policy(policy));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecurityHeaders {
    pub(crate) content_security_policy: Option<ContentSecurityPolicy>,
    pub(crate) hsts_max_age: Option<u64>,
    pub(crate) denies_frames: bool,
}

impl SecurityHeaders {
    /// None of the headers. This is the default.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// All of the headers: [`ContentSecurityPolicy::default`], a year of HSTS, and no frames.
    #[must_use]
    pub fn strict() -> Self {
        Self {
            content_security_policy: Some(ContentSecurityPolicy::default()),
            hsts_max_age: Some(YEAR),
            denies_frames: true,
        }
    }

    /// Sets the content security policy that the layer sends with pages.
    ///
    /// The layer adds the origin of Logto's `endpoint` to `form-action`. If a sign-in redirects on
    /// to other origins, add those to
    /// [`CspDirective::FormAction`](crate::CspDirective::FormAction). A page that sends a policy
    /// itself keeps it. The pages of this crate have a stricter policy, with the same
    /// `form-action`.
    #[must_use]
    pub fn with_content_security_policy(mut self, policy: ContentSecurityPolicy) -> Self {
        self.content_security_policy = Some(policy);
        self
    }

    /// Sends no content security policy, except with the pages of this crate.
    #[must_use]
    pub fn without_content_security_policy(mut self) -> Self {
        self.content_security_policy = None;
        self
    }

    /// Sets how long browsers insist on https after a visit, in **seconds**, for this host only; 0
    /// tells browsers to forget it.
    ///
    /// It is sent as `Strict-Transport-Security` (RFC 6797 §6.1.1), unless a base URL is http or on
    /// this machine.
    #[must_use]
    pub fn with_hsts_max_age(mut self, seconds: u64) -> Self {
        self.hsts_max_age = Some(seconds);
        self
    }

    /// Sends no `Strict-Transport-Security`.
    #[must_use]
    pub fn without_hsts(mut self) -> Self {
        self.hsts_max_age = None;
        self
    }

    /// Sets whether pages whose policy lacks `frame-ancestors` get `X-Frame-Options: DENY`.
    #[must_use]
    pub fn with_frames_denied(mut self, denied: bool) -> Self {
        self.denies_frames = denied;
        self
    }
}
