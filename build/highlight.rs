//! Turns source text into lines of HTML, with a class for each kind of token.

use std::error::Error;

use tree_sitter_highlight::{Highlight, HighlightConfiguration, HtmlRenderer};

/// The classes, without their prefix. A name stands for all captures of the queries that begin
/// with it. Other captures, such as brackets, are not marked.
const NAMES: [&str; 14] = [
    "attribute",
    "boolean",
    "comment",
    "constant",
    "constructor",
    "escape",
    "function",
    "keyword",
    "label",
    "markup.attribute",
    "number",
    "string",
    "tag",
    "type",
];

/// Patterns for the content of macros, which the grammar sees as a list of tokens: above all the
/// tags and attributes in `view!`. The last pattern that matches a token decides.
const IN_MACROS: &str = r#"
((identifier) @constant (#match? @constant "^[A-Z][A-Z\\d_]+$"))
(token_tree ((identifier) @function (#match? @function "^[a-z_]")) . (token_tree "("))
(token_tree (identifier) @function . "!" . (token_tree))
(token_tree "<" . (identifier) @tag)
(token_tree "<" . "/" . (identifier) @tag)
(token_tree (identifier) @markup.attribute . "=")
(token_tree ["type" "for" "as" "async" "default" "loop"] @markup.attribute . "=")
(token_tree (identifier) @markup.attribute . ":" . (identifier) . "=")
(token_tree (identifier) @markup.attribute . "-" . (identifier) . "=")
(token_tree (identifier) @markup.attribute . "-" . (identifier) . "-" . (identifier) . "=")
(token_tree "let" . (identifier) @variable . "=")
((identifier) @keyword (#any-of? @keyword "move" "else" "in" "dyn" "ref"))
"#;

/// Highlights Rust.
pub(crate) struct Highlighter(HighlightConfiguration);

impl Highlighter {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        // Without injections: the content of `view!` is not Rust.
        let query = [tree_sitter_rust::HIGHLIGHTS_QUERY, IN_MACROS].concat();
        let mut rust = HighlightConfiguration::new(tree_sitter_rust::LANGUAGE.into(), "rust", &query, "", "")?;
        rust.configure(&NAMES);
        Ok(Self(rust))
    }

    /// Returns the lines of the source as HTML. No element spans two lines.
    pub(crate) fn lines(&self, source: &str) -> Result<Vec<String>, Box<dyn Error>> {
        let source = source.trim_end().as_bytes();
        let mut highlighter = tree_sitter_highlight::Highlighter::new();
        let events = highlighter.highlight(&self.0, source, None, |_| None)?;
        let mut html = HtmlRenderer::new();
        html.render(events, source, &|highlight, attributes| {
            attributes.extend(class(highlight).bytes());
        })?;
        Ok(html
            .lines()
            .map(|line| line.trim_end_matches('\n').to_owned())
            .collect())
    }
}

fn class(Highlight(position): Highlight) -> String {
    let name = NAMES.get(position).copied().unwrap_or_default();
    format!("class=\"hl-{}\"", name.rsplit('.').next().unwrap_or(name))
}

/// Returns the lines of changed files as HTML: added and removed lines, and names of files.
pub(crate) fn diff(changes: &str) -> Vec<String> {
    changes.lines().map(changed_line).collect()
}

fn changed_line(line: &str) -> String {
    let text = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let class = match line.as_bytes() {
        [b'+', b'+', ..] | [b'-', b'-', ..] | [b'@', ..] => "hl-comment",
        [b'+', ..] => "hl-added",
        [b'-', ..] => "hl-removed",
        _ => return text,
    };
    format!("<span class=\"{class}\">{text}</span>")
}
