//! Digests of the inline scripts and styles of a page that carry its nonce, unlike injected ones.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

/// Returns the digests of the inline scripts and styles that carry the nonce of the page; `None` if
/// the page has no nonce.
pub(crate) fn digests(page: &str) -> Option<Vec<String>> {
    let nonce = nonce(page)?;
    let mut digests = Vec::new();
    for (start, end) in [("<script", "</script>"), ("<style", "</style>")] {
        let mut rest = page;
        while let Some(at) = rest.find(start) {
            rest = &rest[at + start.len()..];
            let Some(tag) = Tag::read(rest).filter(|tag| tag.nonce == Some(nonce)) else {
                continue;
            };
            let Some((content, after)) = tag.after.split_once(end) else {
                break;
            };
            digests.push(BASE64_STANDARD.encode(Sha256::digest(content)));
            rest = after;
        }
    }
    digests.retain(|digest| digest != EMPTY);
    digests.sort_unstable();
    digests.dedup();
    Some(digests)
}

/// The digest of the empty text, for scripts with `src`.
const EMPTY: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

/// Finds the nonce of the page. Leptos appends its own script to every page, after all content,
/// where nothing can be injected.
fn nonce(page: &str) -> Option<&str> {
    let last = &page[page.rfind("<script")?..];
    let (tag, content) = last.split_once('>')?;
    let nonce = tag.strip_prefix("<script nonce=\"")?.strip_suffix('"')?;
    let (_, after) = content.trim_end().split_once("</script>")?;
    (after.is_empty() && !nonce.is_empty() && !nonce.contains('"')).then_some(nonce)
}

/// An opening tag in the form that Leptos writes, which is unambiguous for browsers.
struct Tag<'a> {
    nonce: Option<&'a str>,
    /// The text after its `>`.
    after: &'a str,
}

impl<'a> Tag<'a> {
    /// Parses the text after the name of the element: attributes without a value, or with one in
    /// double quotes.
    ///
    /// Leptos writes `<` as `&lt;` within a tag. A `<` means that injected markup has opened the
    /// tag and swallowed one of Leptos's tags, so such a tag is rejected, as are single quotes.
    fn read(text: &'a str) -> Option<Self> {
        let mut tag = Self {
            nonce: None,
            after: text,
        };
        loop {
            let rest = tag.after.trim_ascii_start();
            if let Some(after) = rest.strip_prefix('>') {
                tag.after = after;
                return Some(tag);
            }
            let is_separate = rest.len() < tag.after.len();
            let end = rest.find(|next: char| next.is_ascii_whitespace() || "=></\"'".contains(next))?;
            let (name, rest) = rest.split_at(end);
            if name.is_empty() || !is_separate {
                return None;
            }
            tag.after = rest;
            if let Some(value) = rest.strip_prefix('=') {
                let (value, rest) = value.strip_prefix('"')?.split_once('"')?;
                if value.contains('<') {
                    return None;
                }
                tag.after = rest;
                // Browsers use the first of two attributes of one name (HTML §13.2.5.33).
                if name == "nonce" && tag.nonce.replace(value).is_some() {
                    return None;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: &str = r#"<script nonce="N">__INCOMPLETE_CHUNKS=[];</script>"#;

    fn allowed(page: &str) -> Vec<String> {
        digests(page).unwrap_or_default()
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
            r#"<html><head><style nonce="N">p { color: red }</style>"#,
            r#"<script type="module" nonce="N">hydrate()</script></head>"#,
            r#"<script src="/a.js" defer nonce="N"></script><script data-x="a > b" nonce="N">second()</script></html>"#,
            END,
        ];
        let scripts = ["p { color: red }", "hydrate()", "second()", "__INCOMPLETE_CHUNKS=[];"];
        assert_eq!(allowed(&page.concat()), expected(&scripts));
    }

    #[test]
    fn an_injected_script_is_not_allowed() {
        for injected in [
            "<script>steal()</script>",
            r#"<script nonce="guessed">steal()</script>"#,
            r#"<script nonce="guessed">steal()</script><!-- nonce="N" -->"#,
            r#"<p title='<script nonce="guessed">steal()</script>'></p>"#,
        ] {
            let page = format!("<html>{injected}</html>{END}");
            assert_eq!(allowed(&page), expected(&["__INCOMPLETE_CHUNKS=[];"]), "{injected}");
        }
    }

    /// Such a tag extends to the next quote.
    #[test]
    fn a_script_that_swallows_one_of_the_page_is_not_allowed() {
        let value = "'>steal()//<script data-a='";
        let resolved = format!("__RESOLVED_RESOURCES[0]={:?};", value.replace('<', "\\u003c"));
        let page = format!(r#"<html>{value}<script nonce="N">{resolved}</script></html>{END}"#);
        assert_eq!(allowed(&page), expected(&[&resolved, "__INCOMPLETE_CHUNKS=[];"]));

        for start in [
            "<script data-a='",
            "<script data-a=\"",
            "<script a ",
            "<script a",
            "<script a=",
            "<style data-a='",
        ] {
            let page = format!(r#"{start}<script nonce="N">first('a')</script>'>steal()</script></style>{END}"#);
            let scripts = ["first('a')", "__INCOMPLETE_CHUNKS=[];"];
            assert_eq!(allowed(&page), expected(&scripts), "{start}");
        }
    }

    #[test]
    fn a_nonce_that_is_not_an_attribute_of_the_tag_allows_nothing() {
        for tag in [
            r#"<script data-a=' nonce="N"'>"#,
            r#"<script data-a=" nonce="N"">"#,
            r#"<script data-nonce="N">"#,
            r#"<script nonce="O" nonce="N">"#,
            r#"<script a="b"nonce="N">"#,
            r#"<script a=b nonce="N">"#,
            r#"<scripts nonce="N">"#,
            r#"<script/nonce="N">"#,
        ] {
            let page = format!("{tag}steal()</script>{END}");
            assert_eq!(allowed(&page), expected(&["__INCOMPLETE_CHUNKS=[];"]), "{tag}");
        }
    }

    #[test]
    fn a_page_without_the_final_script_of_leptos_allows_nothing() {
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
    fn the_digest_of_the_empty_text_is_correct() {
        assert_eq!(digest(""), EMPTY);
    }
}
