//! What a page may load, run and send: Content Security Policy Level 3.

use std::{collections::BTreeMap, mem};

use http::HeaderValue;
use logto::{ConfigProblem, LogtoClient};
use url::Url;

/// A directive of a [`ContentSecurityPolicy`] (CSP Level 3 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CspDirective {
    /// What the fetch directives that are not set fall back to.
    DefaultSrc,
    /// Scripts and WebAssembly.
    ScriptSrc,
    /// Stylesheets and `<style>`.
    StyleSrc,
    /// `style="…"` in HTML.
    StyleSrcAttr,
    /// Images.
    ImgSrc,
    /// Fonts.
    FontSrc,
    /// Requests of scripts: fetch, websockets, server-sent events.
    ConnectSrc,
    /// Audio and video.
    MediaSrc,
    /// What is shown in frames.
    FrameSrc,
    /// Workers and service workers.
    WorkerSrc,
    /// Plug-ins.
    ObjectSrc,
    /// `<base>`.
    BaseUri,
    /// Where forms lead. Browsers follow redirects with it: a sign-in form has to be allowed to
    /// reach the provider.
    FormAction,
    /// Who may show the page in a frame.
    FrameAncestors,
}

impl CspDirective {
    /// Its name in the header.
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

/// What a page may load, run and send. By default: everything from this site, inline scripts and
/// styles with the response's nonce alone, WebAssembly, forms to this site and on to the provider;
/// no frames around it, no plug-ins, no `<base>`, no `eval`.
///
/// ```
/// use logto_axum::{ContentSecurityPolicy, CspDirective, WebConfig};
///
/// // Profile pictures come from any site.
/// let policy = ContentSecurityPolicy::default().allow(CspDirective::ImgSrc, "https:");
/// let web = WebConfig::new("https://app.example.com", ["a secret of thirty-two bytes or more".into()])
///     .with_content_security_policy(policy);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentSecurityPolicy {
    directives: BTreeMap<CspDirective, Vec<String>>,
    /// What could not stand in the header.
    refused: Vec<String>,
    /// The header, put together once for all pages, in pieces: between them goes the nonce of a
    /// page.
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
        policy.put_together()
    }

    fn put_together(mut self) -> Self {
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

    /// The same with one more source: an origin (`https://cdn.example.com`), a scheme (`https:`),
    /// or a keyword in quotes (`'self'`). It takes the place of `'none'`; to a directive that is
    /// not set yet, `'self'` is added too.
    ///
    /// One that could not stand in the header (empty, or with a space, `;` or `,` in it) is a
    /// problem that [`Logto::new`](crate::Logto::new) tells, and never gets into the header.
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
        self.put_together()
    }

    /// The same with the ways that the forms of sign-in and sign-out go: to the app's own
    /// addresses, if the page was opened by another name, and on to the provider.
    pub(crate) fn with_form_targets(self, own: impl Iterator<Item = Url>, client: &LogtoClient) -> Self {
        own.chain(Url::parse(client.config().issuer()))
            .fold(self, |policy, target| {
                policy.allow(CspDirective::FormAction, &target.origin().ascii_serialization())
            })
    }

    /// The same with forms that lead where those of the other policy do.
    pub(crate) fn with_forms_of(mut self, other: &Self) -> Self {
        let sources = other.directives.get(&CspDirective::FormAction).cloned();
        self.directives
            .insert(CspDirective::FormAction, sources.unwrap_or_default());
        self.put_together()
    }

    /// The value of `Content-Security-Policy`. `nonce` is that of this one response; without it no
    /// inline script or style is allowed.
    #[must_use]
    pub fn to_header(&self, nonce: Option<&str>) -> HeaderValue {
        let nonce = nonce.filter(|nonce| is_source(nonce));
        self.with_inline_source(&nonce.map_or_else(String::new, |nonce| [" 'nonce-", nonce, "'"].concat()))
    }

    /// The value that allows the inline scripts and styles with these digests (base64 of SHA-256)
    /// and no others.
    pub(crate) fn to_header_with_hashes(&self, digests: &[String]) -> HeaderValue {
        let sources = digests.iter().map(|digest| format!(" 'sha256-{digest}'"));
        self.with_inline_source(&sources.collect::<String>())
    }

    /// `source` goes after those of scripts and of styles.
    fn with_inline_source(&self, source: &str) -> HeaderValue {
        // Nothing can be in the way of that; if it were, nothing at all is allowed.
        HeaderValue::try_from(self.pieces.join(source)).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }

    pub(crate) fn problems(&self) -> impl Iterator<Item = ConfigProblem> {
        self.refused.iter().map(|source| {
            let message = format!(
                "the source {source:?} of the content security policy is empty or has a space, `;`, `,` or another sign in it that is not \
                 allowed; it looks like https://cdn.example.com"
            );
            ConfigProblem::new("csp_source_invalid", message)
        })
    }
}

/// Whether it is one source and nothing more: it cannot end the directive and begin another.
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
    fn only_scripts_and_styles_with_the_nonce_are_run_inline() {
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
    fn a_source_is_added_to_those_of_the_directive() {
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
    fn a_source_or_a_nonce_cannot_bring_a_directive_of_its_own() {
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
