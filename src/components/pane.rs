//! Panes of code: files of this repository, highlighted when the app is built.

use leptos::prelude::*;

use crate::language::language;

/// A file, or the changes in README.md.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pane {
    /// Path of the file in the repository.
    file: &'static str,
    html: &'static str,
}

/// The panes, which `build/panes.rs` writes.
pub(crate) mod panes {
    use super::Pane;

    include!(concat!(env!("OUT_DIR"), "/panes.rs"));
}

/// Shows a pane with the path of its file.
///
/// The code folds. The stylesheet unfolds it on wide screens, so that the layout does not shift
/// when `panes.js` takes over. That script also shows the button that copies the code.
#[component]
pub(crate) fn CodePane(
    pane: Pane,
    /// Whether the code only supports that of another pane. It is folded on every screen.
    #[prop(optional)]
    supporting: bool,
) -> impl IntoView {
    let Pane { file, html, .. } = pane;
    let class = if supporting { "pane supporting" } else { "pane" };
    // A long path breaks between its parts.
    let path = file.split_inclusive('/').map(|part| view! { {part} <wbr /> });
    view! {
        <figure class=class aria-label=file>
            <details>
                <summary>
                    <code>{path.collect_view()}</code>
                </summary>
                <pre lang="en" translate="no">
                    <code inner_html=html></code>
                </pre>
            </details>
            <button type="button" class="copy" hidden>
                {language().text("code-copy")}
                <span class="visually-hidden">" " {file}</span>
            </button>
        </figure>
    }
}

/// The place where `panes.js` tells screen readers that code was copied.
#[component]
pub(crate) fn PaneStatus() -> impl IntoView {
    view! { <p id="pane-status" class="visually-hidden" role="status" data-copied=language().text("code-copied")></p> }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::{Pane, panes};

    /// The longest line of a file that is shown as a whole, in columns.
    const MAX_COLUMNS: usize = 120;

    /// The text of the pane, as the copy button copies it.
    fn text(pane: &Pane) -> String {
        let mut text = String::new();
        for part in pane.html.split_inclusive('>') {
            text.push_str(part.split('<').next().unwrap_or_default());
        }
        let entities = [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&amp;", "&"),
        ];
        for (entity, character) in entities {
            text = text.replace(entity, character);
        }
        text
    }

    fn source(pane: &Pane) -> String {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(pane.file)).unwrap()
    }

    #[test]
    fn every_pane_shows_the_source_of_the_app() {
        for pane in panes::ALL {
            let (text, source) = (text(pane), source(pane));
            if pane.file == "README.md" {
                assert!(text.lines().count() > 20, "{text}");
                assert!(source.contains(&text), "{text}");
            } else {
                assert_eq!(text.trim_end(), source.trim_end(), "{}", pane.file);
            }
        }
    }

    #[test]
    fn lines_of_shown_files_are_short() {
        for pane in panes::ALL {
            for line in text(pane).lines() {
                assert!(line.chars().count() <= MAX_COLUMNS, "{}: {line}", pane.file);
            }
        }
    }

    #[test]
    fn added_and_removed_lines_are_marked() {
        let html = panes::CHANGES.html.replace("<wbr>", "");
        for marked in [
            "<span class=\"hl-added\">+    &quot;logto-leptos/ssr&quot;,</span>",
            "<span class=\"hl-removed\">-bin-features",
            "<span class=\"hl-comment\">--- src/main.rs</span>",
        ] {
            let marked = marked.replace("&quot;", "\"");
            assert!(html.contains(&marked), "{marked} in {html}");
        }
    }

    #[test]
    fn every_line_is_an_element_and_the_code_is_escaped() {
        for pane in panes::ALL {
            let lines = pane.html.matches("<span class=\"line").count();
            assert_eq!(lines, text(pane).lines().count(), "{}", pane.file);
            assert_eq!(pane.html.matches("<span").count(), pane.html.matches("</span>").count());
            let tags = pane.html.replace("<wbr>", "").matches('<').count();
            assert_eq!(tags, 2 * pane.html.matches("</span>").count(), "{}", pane.file);
        }
    }

    #[test]
    fn tags_attributes_and_keywords_in_views_are_highlighted() {
        let html = panes::START_AXUM_APP.html.replace("<wbr>", "");
        for marked in [
            "<span class=\"hl-keyword\">pub</span>",
            "&lt;<span class=\"hl-tag\">LogtoProvider</span>",
            "&lt;/<span class=\"hl-tag\">button</span>",
            "<span class=\"hl-attribute\">href</span>",
            "<span class=\"hl-comment\">// content for this welcome page</span>",
            "<span class=\"hl-keyword\">move</span>",
        ] {
            assert!(html.contains(marked), "{marked} in {html}");
        }
    }
}
