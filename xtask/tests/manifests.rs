//! Checks the manifests: none names a repository, because the project has no public URL, and none
//! of a library changes the log of apps.

#![allow(clippy::unwrap_used, reason = "a panic is how a test reports")]

use std::{fs, path::Path};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use toml::{Table, Value};
use walkdir::WalkDir;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[test]
fn manifests_and_the_guide_name_no_repository() {
    let manifests = manifests();
    assert!(manifests.len() > 6, "{} manifests", manifests.len());
    let guide = "docs/getting-started.md";
    let examples = toml_blocks(&fs::read_to_string(root().join(guide)).unwrap());
    assert!(!examples.is_empty(), "{guide} shows what to add to Cargo.toml");
    for text in manifests.iter().chain(&examples) {
        let manifest: Table = toml::from_str(text).unwrap();
        for key in ["git", "repository"] {
            assert!(!has_key(&manifest, key), "`{key}` in {text}");
        }
    }
}

/// The feature `env-filter` of a library would turn it on in every app, where `fmt::init()` then
/// hides everything below errors.
#[test]
fn no_library_turns_on_the_filter_of_logs() {
    let workspace: Table = toml::from_str(&fs::read_to_string(root().join("Cargo.toml")).unwrap()).unwrap();
    let shared = &workspace["workspace"]["dependencies"]["tracing-subscriber"];
    assert!(shared.is_str(), "{shared} has features");
    for library in [
        "logto",
        "logto-axum",
        "logto-leptos",
        "logto-requirements",
        "logto-testing",
    ] {
        let path = root().join("crates").join(library).join("Cargo.toml");
        let manifest: Table = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let own = manifest["dependencies"].get("tracing-subscriber");
        assert!(
            own.is_none_or(|own| own.get("features").is_none()),
            "{library}: {own:?}"
        );
    }
}

/// Whether the table or one inside it has the key: `package.repository`, also inherited, or the
/// `git` of a dependency.
fn has_key(table: &Table, key: &str) -> bool {
    table.contains_key(key)
        || table
            .values()
            .filter_map(Value::as_table)
            .any(|inner| has_key(inner, key))
}

/// The manifests of all packages, also of those outside the workspace.
fn manifests() -> Vec<String> {
    let is_source = |name: &str| !name.starts_with('.') && !["target", "node_modules"].contains(&name);
    let entries = WalkDir::new(root()).into_iter();
    let entries = entries.filter_entry(|entry| entry.depth() == 0 || is_source(&entry.file_name().to_string_lossy()));
    let files = entries
        .map(Result::unwrap)
        .filter(|entry| entry.file_name() == "Cargo.toml");
    files.map(|file| fs::read_to_string(file.path()).unwrap()).collect()
}

/// The TOML code blocks of a page.
fn toml_blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block = None;
    for event in Parser::new(page) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) if &*language == "toml" => {
                block = Some(String::new());
            }
            Event::Text(text) => block.iter_mut().for_each(|block| block.push_str(&text)),
            Event::End(TagEnd::CodeBlock) => blocks.extend(block.take()),
            _ => {}
        }
    }
    blocks
}
