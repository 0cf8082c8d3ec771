//! Code on a page, taken from the source of this app.

use leptos::prelude::*;

/// A source file, or a part of it between `// [show:name]` and `// [/show]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Snippet {
    /// Path of the file in the repository.
    file: &'static str,
    source: &'static str,
    /// Empty for the whole file.
    region: &'static str,
    /// Returns the rendered snippet, which is cached.
    html: fn(Self) -> &'static str,
}

macro_rules! snippets {
    ($($name:ident = $file:literal, $region:literal;)+) => {
        $(pub(crate) const $name: Snippet = Snippet {
            file: concat!("src/", $file),
            source: include_str!(concat!("../", $file)),
            region: $region,
            html: |snippet| {
                static HTML: OnceLock<String> = OnceLock::new();
                HTML.get_or_init(|| snippet.figure())
            },
        };)+

        #[cfg(test)]
        const ALL: &[Snippet] = &[$($name),+];
    };
}

/// The snippets.
pub(crate) mod snippets {
    use std::sync::OnceLock;

    use super::Snippet;

    snippets! {
        ACCOUNT = "components/header.rs", "account";
        CLAIMS = "samples/claims.rs", "";
        SET_UP = "server/mod.rs", "set-up";
        USER_INFO = "samples/user_info.rs", "";
        TOKEN_WHILE_RENDERING = "samples/access_token_on_page.rs", "";
        TOKEN_ACTION = "samples/access_token_action.rs", "";
        TOKEN_CARD = "samples/token_card.rs", "";
        ERROR_NOTE = "samples/error_note.rs", "";
        EXPIRY = "samples/expiry.rs", "";
        PRODUCTS = "samples/products.rs", "";
        CALL_API = "samples/call_api.rs", "";
        PROTECTED_API = "samples/protected_api.rs", "";
        ORGANIZATION_TOKEN = "samples/organization_token.rs", "";
        ORGANIZATION_API = "samples/organization_api.rs", "";
        ORGANIZATION_MEMBERS = "samples/organization_members.rs", "";
        RESOURCE_IN_ORGANIZATION = "samples/resource_in_organization.rs", "";
        TOKEN_WHILE_STREAMING = "samples/streaming.rs", "";
        STREAMING_ROUTE = "app.rs", "streaming-route";
        SESSION = "pages/session.rs", "session";
        SIGN_OUT = "pages/session.rs", "sign-out";
    }

    #[cfg(test)]
    mod tests {
        use super::ALL;

        #[test]
        fn every_snippet_is_in_the_source() {
            for snippet in ALL {
                let text = snippet.text();
                assert!(!text.trim().is_empty(), "{snippet:?} has no lines");
                assert!(!text.contains("[show:") && !text.contains("[/show]"), "{snippet:?}");
            }
        }
    }
}

impl Snippet {
    /// The lines of the region, without the indentation they share.
    fn text(&self) -> String {
        if self.region.is_empty() {
            return self.source.trim_end().to_owned();
        }
        let start = format!("// [show:{}]", self.region);
        let lines: Vec<_> = self
            .source
            .lines()
            .skip_while(|line| line.trim() != start)
            .skip(1)
            .take_while(|line| line.trim() != "// [/show]")
            .filter(|line| !line.trim_start().starts_with("// [show:"))
            .collect();
        let indentation = lines
            .iter()
            .filter(|line| !line.trim().is_empty())
            .map(|line| indentation_of(line))
            .min();
        let lines = lines
            .iter()
            .map(|line| line.get(indentation.unwrap_or_default()..).unwrap_or_default());
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Renders the content of the figure: the path of the file and the lines.
    fn figure(self) -> String {
        let lines = self
            .text()
            .lines()
            .map(|line| {
                let line = format!("{line}\n");
                if line.trim_start().starts_with("//") {
                    view! { <span class="comment">{line}</span> }.into_any()
                } else {
                    line.into_any()
                }
            })
            .collect_view();
        view! {
            <figcaption>{self.file}</figcaption>
            // The keyboard can scroll only elements that it can focus.
            <pre tabindex="0" role="region" aria-label=format!("Code in {}", self.file)>
                <code>{lines}</code>
            </pre>
        }
        .to_html()
    }
}

fn indentation_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Shows a snippet and the path of its file.
#[component]
pub(crate) fn Code(snippet: Snippet) -> impl IntoView {
    view! { <figure class="code" inner_html=(snippet.html)(snippet)></figure> }
}
