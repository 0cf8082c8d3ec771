//! Checks that `examples/start-axum-hydrate` is Leptos's template with the lines that README.md
//! shows, and that apps made from it get the same code.

#![allow(clippy::unwrap_used, reason = "a panic is how a test reports")]

use std::{fmt::Write as _, fs, path::Path};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices, group_diff_ops};
use toml::{Table, Value};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const TEMPLATE: &str = "xtask/tests/start-axum";
const EXAMPLE: &str = "examples/start-axum-hydrate";
/// The files that the example changes.
const CHANGED: [&str; 3] = ["Cargo.toml", "src/main.rs", "src/app.rs"];

fn read(path: &str) -> String {
    fs::read_to_string(format!("{ROOT}/{path}")).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A file with placeholders, as cargo-generate writes it for an app of this name.
fn generated(directory: &str, file: &str, app: &str) -> String {
    let text = read(&format!("{directory}/{file}.liquid"));
    text.replace("{{project-name}}", app)
        .replace("{{crate_name}}", &app.replace('-', "_"))
        .replace(r#"{% if nightly == "Yes" %}, features = ["nightly"]{% endif %}"#, "")
}

/// The template's settings for its browser tests, which the example leaves out together with them.
fn without_end2end(text: &str) -> String {
    let paragraphs = text
        .split("\n\n")
        .filter(|paragraph| !paragraph.contains("\nend2end-dir = "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// The changes of one file, with one line of context for Rust. Indentation does not count as a
/// change.
fn diff(file: &str) -> String {
    let old = without_end2end(&generated(TEMPLATE, file, "your-app"));
    let new = generated(EXAMPLE, file, "your-app");
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let context = usize::from(is_rust(file));
    let mut text = format!("--- {file}\n+++ {file}\n");
    for group in group_diff_ops(operations(&old, &new), context) {
        text += "@@\n";
        for change in group.iter().flat_map(|operation| operation.iter_changes(&old, &new)) {
            writeln!(text, "{}{}", change.tag(), change.value()).unwrap();
        }
    }
    text
}

fn is_rust(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|extension| extension == "rs")
}

fn operations(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let trimmed = |lines: &[&str]| lines.iter().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    capture_diff_slices(Algorithm::Myers, &trimmed(old), &trimmed(new))
}

#[test]
fn readme_shows_how_the_example_differs_from_the_template() {
    let mut blocks = Vec::new();
    let mut block = None;
    for event in Parser::new(&read("README.md")) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) if &*language == "diff" => {
                block = Some(String::new());
            }
            Event::Text(text) => block.iter_mut().for_each(|block| block.push_str(&text)),
            Event::End(TagEnd::CodeBlock) => blocks.extend(block.take()),
            _ => {}
        }
    }
    let expected: String = CHANGED.into_iter().map(diff).collect();
    assert!(
        blocks.contains(&expected),
        "README.md needs a code block `diff` with this text:\n{expected}"
    );
}

#[test]
fn sign_in_takes_at_most_ten_lines_of_rust() {
    let is_change = |line: &&str| line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---");
    let changes: usize = CHANGED
        .into_iter()
        .filter(|file| is_rust(file))
        .map(|file| diff(file).lines().filter(is_change).count())
        .sum();
    assert!((1..=10).contains(&changes), "{changes} changed lines");
}

#[test]
fn apps_made_from_the_example_have_its_code() {
    let app = "start-axum-hydrate";
    for file in ["src/main.rs", "src/app.rs"] {
        assert_eq!(
            generated(EXAMPLE, file, app),
            read(&format!("{EXAMPLE}/{file}")),
            "{file} and {file}.liquid differ"
        );
    }
    assert_eq!(
        generated(TEMPLATE, "src/lib.rs", app),
        read(&format!("{EXAMPLE}/src/lib.rs"))
    );
    let style = read(&format!("{TEMPLATE}/style/main.scss"));
    assert_eq!(style, read(&format!("{EXAMPLE}/style/main.scss")));
    // The example needs no Sass.
    assert_eq!(style.trim(), read(&format!("{EXAMPLE}/style/main.css")).trim());
}

/// The example is a member of this workspace, so its manifest differs in other sections.
#[test]
fn apps_made_from_the_example_have_its_dependencies_and_features() {
    let app = "start-axum-hydrate";
    let mut apps: Table = generated(EXAMPLE, "Cargo.toml", app).parse().unwrap();
    let mut example: Table = read(&format!("{EXAMPLE}/Cargo.toml")).parse().unwrap();
    for section in ["dependencies", "features", "lib"] {
        let (apps, example) = (apps.remove(section).unwrap(), example.remove(section).unwrap());
        assert_eq!(without_path(apps), without_path(example), "[{section}]");
    }
}

#[test]
fn apps_made_from_the_example_have_the_files_that_their_manifest_names() {
    let apps: Table = generated(EXAMPLE, "Cargo.toml", "your-app").parse().unwrap();
    let settings = apps["package"]["metadata"]["leptos"].as_table().unwrap();
    let named = ["style-file", "assets-dir", "end2end-dir", "tailwind-input-file"];
    let paths: Vec<_> = named.iter().filter_map(|name| settings.get(*name)?.as_str()).collect();
    assert!(paths.len() >= 2, "{settings:?}");
    for path in paths {
        assert!(
            Path::new(ROOT).join(EXAMPLE).join(path).exists(),
            "{path} does not exist"
        );
    }
}

/// An app has another path to the crate than the example.
fn without_path(mut section: Value) -> Value {
    if let Some(Value::Table(dependency)) = section.get_mut("logto-leptos") {
        assert!(dependency.remove("path").is_some());
    }
    section
}

#[test]
fn indentation_is_no_change() {
    let (old, new) = (["a", "b"], ["<div>", "    a", "    b", "</div>"]);
    let changes = operations(&old, &new);
    let tags: Vec<_> = changes
        .iter()
        .flat_map(|operation| operation.iter_changes(&old, &new))
        .map(|change| change.tag())
        .collect();
    assert_eq!(
        tags,
        [ChangeTag::Insert, ChangeTag::Equal, ChangeTag::Equal, ChangeTag::Insert]
    );
}
