//! The panes: files of the repository, as a whole or in part.
//!
//! Every file in `src/samples` has a pane of its name: `panes::CLAIMS` is `src/samples/claims.rs`.
//! The others are listed here. A part of a file is between the lines `// [show:name]` and
//! `// [/show]`.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use crate::highlight::{Highlighters, Language};

const SAMPLES: &str = "src/samples";

/// Further files: the name of the pane, and the path.
const FILES: [(&str, &str); 3] = [
    ("START_AXUM_APP", "examples/start-axum-hydrate/src/app.rs"),
    ("START_AXUM_MAIN", "examples/start-axum-hydrate/src/main.rs"),
    ("START_AXUM_CARGO", "examples/start-axum-hydrate/Cargo.toml"),
];

/// Parts of files: the name of the pane, the path, and the name of the part.
const REGIONS: [(&str, &str, &str); 2] = [
    ("SET_UP", "src/server/mod.rs", "set-up"),
    ("STREAMING_ROUTE", "src/app.rs", "streaming-route"),
];

/// Writes `OUT_DIR/panes.rs`.
pub(crate) fn write() -> Result<(), Box<dyn Error>> {
    // A directory stands for all files below it, also for new ones.
    println!("cargo::rerun-if-changed=src");
    let mut highlighters = Highlighters::new()?;
    let mut generated = String::new();
    let mut names = Vec::new();
    let samples = samples()?;
    let samples = samples.iter().map(|(name, path)| (name.as_str(), path.as_str(), None));
    let files = FILES.iter().map(|(name, path)| (*name, *path, None));
    let regions = REGIONS.iter().map(|(name, path, region)| (*name, *path, Some(*region)));
    for (name, path, region) in samples.chain(files).chain(regions) {
        if !path.starts_with("src/") {
            println!("cargo::rerun-if-changed={path}");
        }
        let source = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        let lines = highlighters.lines(&source, Language::of(path))?;
        let shown = match region {
            Some(region) => between(&source, &lines, region).ok_or_else(|| format!("{path} has no part {region}"))?,
            None => lines,
        };
        let html = pane_html(&shown);
        writeln!(
            generated,
            "pub(crate) const {name}: Pane = Pane {{ file: {path:?}, region: {region:?}, html: {html:?} }};"
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

/// The highlighted lines between the markers of a part of the source.
fn between(source: &str, lines: &[String], region: &str) -> Option<Vec<String>> {
    let start = format!("// [show:{region}]");
    let mut numbered = source.lines().enumerate();
    let (start, _) = numbered.find(|(_, line)| line.trim() == start)?;
    let (end, _) = numbered.find(|(_, line)| line.trim() == "// [/show]")?;
    let indentation = source
        .lines()
        .skip(start + 1)
        .take(end - start - 1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or_default();
    let shown = lines.get(start + 1..end)?;
    Some(
        shown
            .iter()
            .map(|line| without_indentation(line, indentation))
            .collect(),
    )
}

/// Removes up to `count` spaces at the beginning of a line of HTML, where tags may come first.
fn without_indentation(line: &str, mut count: usize) -> String {
    let mut shortened = String::with_capacity(line.len());
    let mut in_tag = false;
    for character in line.chars() {
        match character {
            ' ' if !in_tag && count > 0 => {
                count -= 1;
                continue;
            }
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if !in_tag => count = 0,
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
        let text = without_indentation(line, usize::MAX);
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
