//! The panes: files of the repository, and the changes in its README.
//!
//! Every file in `src/samples` has a pane of its name: `panes::CLAIMS` is `src/samples/claims.rs`.
//! The others are listed here.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use crate::highlight::{self, Highlighter};

const SAMPLES: &str = "src/samples";

/// Further files: the name of the pane, and the path.
const FILES: [(&str, &str); 6] = [
    ("APP", "src/app.rs"),
    ("LIB", "src/lib.rs"),
    ("PRODUCT_DATA", "src/server/products.rs"),
    ("ROUTER", "src/server/mod.rs"),
    ("START_AXUM_APP", "examples/start-axum-hydrate/src/app.rs"),
    ("START_AXUM_MAIN", "examples/start-axum-hydrate/src/main.rs"),
];

/// Its block of the language `diff` has all changes that an app needs.
const README: &str = "README.md";

/// Writes `OUT_DIR/panes.rs`.
pub(crate) fn write() -> Result<(), Box<dyn Error>> {
    // A directory stands for all files below it, also for new ones.
    println!("cargo::rerun-if-changed=src");
    let highlighter = Highlighter::new()?;
    let mut generated = String::new();
    let mut names = Vec::new();
    let samples = samples()?;
    let samples = samples.iter().map(|(name, path)| (name.as_str(), path.as_str()));
    for (name, path) in samples.chain(FILES).chain([("CHANGES", README)]) {
        if !path.starts_with("src/") {
            println!("cargo::rerun-if-changed={path}");
        }
        let source = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        let html = if path == README {
            let changes = changes(&source).ok_or("README.md has no block of the language `diff`")?;
            pane_html(&highlight::diff(changes))
        } else {
            pane_html(&highlighter.lines(&source)?)
        };
        writeln!(
            generated,
            "pub(crate) const {name}: Pane = Pane {{ file: {path:?}, html: {html:?} }};"
        )?;
        names.push(name);
    }
    writeln!(
        generated,
        "#[cfg(test)]\npub(super) const ALL: &[Pane] = &[{}];",
        names.join(", ")
    )?;
    let out_dir = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out_dir).join("panes.rs"), generated)?;
    Ok(())
}

/// Names and paths of the samples, in a stable order. `mod.rs` lists the others, and `tests.rs` tests
/// them.
fn samples() -> io::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut directories = vec![PathBuf::from(SAMPLES)];
    while let Some(directory) = directories.pop().filter(|directory| directory.is_dir()) {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            if path.is_dir() {
                directories.push(path);
            } else if !path.ends_with("mod.rs") && !path.ends_with("tests.rs") {
                let below = path.strip_prefix(SAMPLES).unwrap_or(&path).with_extension("");
                let name = below.to_string_lossy().to_uppercase().replace(['/', '-', '.'], "_");
                found.push((name, path.to_string_lossy().into_owned()));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The changes that the README shows.
fn changes(readme: &str) -> Option<&str> {
    let (_, after) = readme.split_once("```diff\n")?;
    let (changes, _) = after.split_once("\n```")?;
    Some(changes)
}

/// Removes the spaces at the beginning of a line of HTML, where tags may come first.
fn without_indentation(line: &str) -> String {
    let mut shortened = String::with_capacity(line.len());
    let (mut in_tag, mut in_text) = (false, false);
    for character in line.chars() {
        match character {
            ' ' if !in_tag && !in_text => continue,
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if !in_tag => in_text = true,
            _ => {}
        }
        shortened.push(character);
    }
    shortened
}

/// Wraps each line. The class is the depth of its indentation, so that the rest of a long line is
/// indented too.
fn pane_html(lines: &[String]) -> String {
    let mut html = String::new();
    for line in lines {
        let text = without_indentation(line);
        let depth = (line.len() - text.len()) / 4;
        let class = if depth == 0 {
            "line".to_owned()
        } else {
            format!("line in-{}", depth.min(8))
        };
        html.extend(["<span class=\"", &class, "\">", &breakable(line), "\n</span>"]);
    }
    html
}

/// Marks where a long line may break, apart from its spaces: before the methods of a chain and
/// after opening parentheses.
fn breakable(line: &str) -> String {
    let mut marked = String::with_capacity(line.len());
    let mut in_tag = false;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ => {}
        }
        let rest = characters.as_str();
        // A full stop at the end of a comment or a string is before a closing tag.
        let is_method = rest.starts_with(|next: char| next == '<' || next.is_alphabetic()) && !rest.starts_with("</");
        if !in_tag && character == '.' && is_method {
            marked.push_str("<wbr>");
        }
        marked.push(character);
        if !in_tag && character == '(' && !rest.is_empty() && !rest.starts_with(')') {
            marked.push_str("<wbr>");
        }
    }
    marked
}
