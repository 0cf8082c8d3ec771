//! Content Security Policy Level 3: what a page may load, run and send.

use std::{collections::BTreeMap, mem};

use http::HeaderValue;
use logto::{ConfigProblem, LogtoClient};
use url::Url;

/// A directive of a [`ContentSecurityPolicy`] (CSP Level 3 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CspDirective {
    /// The fallback for fetch directives that are not set.
    DefaultSrc,
    /// Scripts and WebAssembly.
    ScriptSrc,
    /// Stylesheets and `<style>`.
    StyleSrc,
    /// `style="…"` attributes.
    StyleSrcAttr,
    /// Images.
    ImgSrc,
    /// Fonts.
    FontSrc,
    /// Requests by scripts: fetch, WebSocket, server-sent events.
    ConnectSrc,
    /// Audio and video.
    MediaSrc,
    /// Frames.
    FrameSrc,
    /// Workers and service workers.
    WorkerSrc,
    /// Plug-ins.
    ObjectSrc,
    /// `<base>`.
    BaseUri,
    /// Targets of forms. Browsers apply it to redirects too, so the provider has to be allowed for
    /// a sign-in form.
    FormAction,
    /// Pages that may embed this one in a frame.
    FrameAncestors,
}

impl CspDirective {
    /// Returns the name of the directive in the header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DefaultSrc => "default-src",
            Self::ScriptSrc => "script-src",
            Self::StyleSrc => "style-src",
            Self::StyleSrcAttr => "style-src-attr",
            Self::ImgSrc => "img-src",
            Self::FontSrc => "font-src",
            Self::ConnectSrc => "connect-src",
            Self::MediaSrc => "media-src",
            Self::FrameSrc => "frame-src",
            Self::WorkerSrc => "worker-src",
            Self::ObjectSrc => "object-src",
            Self::BaseUri => "base-uri",
            Self::FormAction => "form-action",
            Self::FrameAncestors => "frame-ancestors",
        }
    }
}

/// A content security policy: what a page may load, run and send.
///
/// The default allows resources of this site, inline scripts and styles with the nonce of the
/// response, WebAssembly, and forms to this site and the provider. It forbids embedding the page in
/// frames, plug-ins, `<base>` and `eval`.
///
/// ```
/// use logto_axum::{ContentSecurityPolicy, CspDirective, SecurityHeaders, WebConfig};
///
/// // Profile pictures come from any site.
/// let policy = ContentSecurityPolicy::default().allow(CspDirective::ImgSrc, "https:");
/// let web = WebConfig::new("https://app.example.com", ["a secret of thirty-two bytes or more".into()])
///     .with_security_headers(SecurityHeaders::strict().with_content_security_policy(policy));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentSecurityPolicy {
    directives: BTreeMap<CspDirective, Vec<String>>,
    /// Invalid sources, reported by [`Logto::new`](crate::Logto::new).
    refused: Vec<String>,
    /// The header, in pieces: the nonce of a page goes between them.
    pieces: Vec<String>,
}

impl Default for ContentSecurityPolicy {
    fn default() -> Self {
        Self::of(&[
            (CspDirective::DefaultSrc, &["'self'"]),
            (CspDirective::ScriptSrc, &["'self'", "'wasm-unsafe-eval'"]),
            (CspDirective::StyleSrc, &["'self'"]),
            (CspDirective::ImgSrc, &["'self'", "data:"]),
            (CspDirective::ConnectSrc, &["'self'"]),
            (CspDirective::ObjectSrc, &["'none'"]),
            (CspDirective::BaseUri, &["'none'"]),
            (CspDirective::FormAction, &["'self'"]),
            (CspDirective::FrameAncestors, &["'none'"]),
        ])
    }
}

impl ContentSecurityPolicy {
    pub(crate) fn of(directives: &[(CspDirective, &[&str])]) -> Self {
        let list = |sources: &[&str]| sources.iter().map(|source| (*source).to_owned()).collect();
        let directives = directives
            .iter()
            .map(|(directive, sources)| (*directive, list(sources)));
        let policy = Self {
            directives: directives.collect(),
            refused: Vec::new(),
            pieces: Vec::new(),
        };
        policy.with_pieces()
    }

    fn with_pieces(mut self) -> Self {
        self.pieces.clear();
        let mut piece = String::new();
        for (position, (directive, sources)) in self.directives.iter().enumerate() {
            piece.push_str(if position == 0 { "" } else { "; " });
            piece.push_str(directive.as_str());
            for source in sources {
                piece.push(' ');
                piece.push_str(source);
            }
            if matches!(directive, CspDirective::ScriptSrc | CspDirective::StyleSrc) {
                self.pieces.push(mem::take(&mut piece));
            }
        }
        self.pieces.push(piece);
        self
    }

    /// Adds a source to a directive: an origin (`https://cdn.example.com`), a scheme (`https:`), or
    /// a keyword in quotes (`'self'`). It replaces `'none'`. If the directive was not set, `'self'`
    /// is added too.
    ///
    /// An invalid source (empty, or with a space, `;` or `,`) is left out, and reported by
    /// [`Logto::new`](crate::Logto::new).
    #[must_use]
    pub fn allow(mut self, directive: CspDirective, source: &str) -> Self {
        if !is_source(source) {
            self.refused.push(source.to_owned());
            return self;
        }
        let sources = self
            .directives
            .entry(directive)
            .or_insert_with(|| vec!["'self'".to_owned()]);
        sources.retain(|known| known != "'none'" && known != source);
        sources.push(source.to_owned());
        self.with_pieces()
    }

    /// Adds the targets of the forms of sign-in and sign-out: the addresses of the app, because the
    /// page may have been opened by another name, and the provider.
    pub(crate) fn with_form_targets(self, own: impl Iterator<Item = Url>, client: &LogtoClient) -> Self {
        own.chain(Url::parse(client.config().issuer()))
            .fold(self, |policy, target| {
                policy.allow(CspDirective::FormAction, &target.origin().ascii_serialization())
            })
    }

    /// Sets `form-action` to that of another policy.
    pub(crate) fn with_forms_of(mut self, other: &Self) -> Self {
        let sources = other.directives.get(&CspDirective::FormAction).cloned();
        self.directives
            .insert(CspDirective::FormAction, sources.unwrap_or_default());
        self.with_pieces()
    }

    /// Returns the value of `Content-Security-Policy`. `nonce` is that of this response; without
    /// one, no inline script or style is allowed.
    #[must_use]
    pub fn to_header(&self, nonce: Option<&str>) -> HeaderValue {
        let nonce = nonce.filter(|nonce| is_source(nonce));
        self.with_inline_source(&nonce.map_or_else(String::new, |nonce| [" 'nonce-", nonce, "'"].concat()))
    }

    /// Returns the value that allows only the inline scripts and styles with these digests (base64
    /// of SHA-256).
    pub(crate) fn to_header_with_hashes(&self, digests: &[String]) -> HeaderValue {
        let sources = digests.iter().map(|digest| format!(" 'sha256-{digest}'"));
        self.with_inline_source(&sources.collect::<String>())
    }

    /// Adds `source` to the sources of scripts and styles.
    fn with_inline_source(&self, source: &str) -> HeaderValue {
        // All sources were checked. If the value were invalid, nothing would be allowed.
        HeaderValue::try_from(self.pieces.join(source)).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }

    pub(crate) fn problems(&self) -> impl Iterator<Item = ConfigProblem> {
        self.refused.iter().map(|source| {
            let message = format!(
                "the source {source:?} of the content security policy is empty or contains a space, `;`, `,` or \
                 another invalid character; it looks like https://cdn.example.com"
            );
            ConfigProblem::new("csp_source_invalid", message)
        })
    }
}

/// Whether the text is a single source, which cannot begin another directive.
fn is_source(source: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_graphic() && byte != b';' && byte != b',';
    !source.is_empty() && source.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(policy: &ContentSecurityPolicy) -> String {
        policy.to_header(Some("n0nce")).to_str().unwrap().to_owned()
    }

    #[test]
    fn only_inline_scripts_and_styles_with_the_nonce_are_allowed() {
        let policy = ContentSecurityPolicy::default();
        let text = text(&policy);
        assert!(
            text.contains("script-src 'self' 'wasm-unsafe-eval' 'nonce-n0nce';"),
            "{text}"
        );
        assert!(text.contains("style-src 'self' 'nonce-n0nce';"), "{text}");
        assert!(!text.contains("'unsafe-"), "{text}");
        assert!(!policy.to_header(None).to_str().unwrap().contains("nonce"));
    }

    #[test]
    fn a_source_is_added_to_its_directive() {
        let policy = ContentSecurityPolicy::default()
            .allow(CspDirective::ImgSrc, "https:")
            .allow(CspDirective::ImgSrc, "https:")
            .allow(CspDirective::FontSrc, "https://fonts.example")
            .allow(CspDirective::FrameAncestors, "https://intranet.example");
        let text = text(&policy);
        assert!(text.contains("img-src 'self' data: https:;"), "{text}");
        assert!(text.contains("font-src 'self' https://fonts.example;"), "{text}");
        assert!(text.ends_with("frame-ancestors https://intranet.example"), "{text}");
    }

    #[test]
    fn neither_a_source_nor_a_nonce_can_add_a_directive() {
        let policy = ContentSecurityPolicy::default();
        for bad in ["", "x; script-src *", "x,default-src", "a b", "x\n", "ü"] {
            // One that is set, one that is not, and one that is `'none'`.
            for directive in [
                CspDirective::ImgSrc,
                CspDirective::FontSrc,
                CspDirective::FrameAncestors,
            ] {
                let more = policy.clone().allow(directive, bad);
                assert_eq!(text(&more), text(&policy), "{directive:?} {bad}");
                assert_eq!(more.problems().count(), 1, "{directive:?} {bad}");
            }
        }
        assert_eq!(policy.to_header(Some("a' *; img-src *")), policy.to_header(None));
        assert_eq!(policy.problems().count(), 0);
    }
}
