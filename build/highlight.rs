//! Turns source text into lines of HTML with classes for its parts of speech.

use std::error::Error;

use tree_sitter_highlight::{Highlight, HighlightConfiguration, Highlighter, HtmlRenderer};

/// The classes, without their prefix. A name stands for all captures of the queries that begin
/// with it. Other captures, such as brackets, are not marked.
const NAMES: [&str; 15] = [
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
    "property.key",
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

/// Keys of TOML.
const KEYS: &str = "(pair (bare_key) @property.key) (pair (dotted_key (bare_key) @property.key))";

/// The languages of the shown files.
#[derive(Clone, Copy)]
pub(crate) enum Language {
    Rust,
    Toml,
    /// Commands and settings: only lines of comments are marked.
    Plain,
}

impl Language {
    pub(crate) fn of(path: &str) -> Self {
        match path.rsplit_once('.') {
            Some((_, "rs")) => Self::Rust,
            Some((_, "toml")) => Self::Toml,
            _ => Self::Plain,
        }
    }
}

pub(crate) struct Highlighters {
    rust: HighlightConfiguration,
    toml: HighlightConfiguration,
}

impl Highlighters {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        // Without injections: the content of `view!` is not Rust.
        let rust = [tree_sitter_rust::HIGHLIGHTS_QUERY, IN_MACROS].concat();
        let mut rust = HighlightConfiguration::new(tree_sitter_rust::LANGUAGE.into(), "rust", &rust, "", "")?;
        rust.configure(&NAMES);
        let toml = [tree_sitter_toml_ng::HIGHLIGHTS_QUERY, KEYS].concat();
        let mut toml = HighlightConfiguration::new(tree_sitter_toml_ng::LANGUAGE.into(), "toml", &toml, "", "")?;
        toml.configure(&NAMES);
        Ok(Self { rust, toml })
    }

    /// Returns the lines of the source as HTML. No element spans two lines.
    pub(crate) fn lines(&mut self, source: &str, language: Language) -> Result<Vec<String>, Box<dyn Error>> {
        let configuration = match language {
            Language::Rust => &self.rust,
            Language::Toml => &self.toml,
            Language::Plain => return Ok(source.trim_end().lines().map(plain).collect()),
        };
        let source = source.trim_end().as_bytes();
        let mut highlighter = Highlighter::new();
        let events = highlighter.highlight(configuration, source, None, |_| None)?;
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

fn plain(line: &str) -> String {
    let text = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if line.starts_with('#') {
        format!("<span class=\"hl-comment\">{text}</span>")
    } else {
        text
    }
}
