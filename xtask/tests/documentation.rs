//! Checks that every test that the documentation names exists.

#![allow(clippy::unwrap_used, reason = "a panic is how a test reports")]

use std::{collections::BTreeSet, fs, path::Path};

use proc_macro2::{TokenStream, TokenTree};
use pulldown_cmark::{Event, Parser};
use syn::{
    ItemFn, ItemMacro,
    visit::{self, Visit},
};
use walkdir::WalkDir;

const DOCUMENTS: [&str; 4] = [
    "ARCHITECTURE.md",
    "SECURITY.md",
    "docs/conformance.md",
    "docs/lessons.md",
];
const RUST: [&str; 5] = ["crates", "examples", "src", "tests", "xtask"];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[test]
fn every_test_that_the_documentation_names_exists() {
    let rust_tests = rust_tests();
    let browser_tests = browser_tests();
    let exists = |name: &Name| match name {
        Name::Rust(name) => rust_tests.contains(name),
        Name::Browser(name) => browser_tests.contains(&format!("test('{name}'")),
    };
    let mut missing = Vec::new();
    for file in DOCUMENTS {
        let names = names_in(&fs::read_to_string(root().join(file)).unwrap());
        assert!(!names.is_empty(), "{file} names no test: is the search broken?");
        missing.extend(names.into_iter().filter(|name| !exists(name)).map(|name| (file, name)));
    }
    assert!(missing.is_empty(), "these tests do not exist: {missing:#?}");
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    /// Three or more words in snake case.
    Rust(String),
    /// A sentence of three or more words.
    Browser(String),
}

/// The tests that a page names: code spans of a certain form.
fn names_in(page: &str) -> BTreeSet<Name> {
    let spans = Parser::new(page).filter_map(|event| match event {
        Event::Code(text) => Some(text.into_string()),
        _ => None,
    });
    spans.filter_map(name).collect()
}

fn name(span: String) -> Option<Name> {
    if is_test_name(&span) {
        return Some(Name::Rust(span));
    }
    let starts_a_sentence = |span: &str| {
        let mut words = span.split(' ');
        let first = words.next().unwrap_or_default();
        let is_word = |character: char| character.is_ascii_lowercase() || character == '-';
        !first.is_empty() && first.chars().all(is_word) && words.count() >= 2
    };
    starts_a_sentence(&span).then_some(Name::Browser(span))
}

fn is_test_name(text: &str) -> bool {
    let mut words = text.split('_');
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    words.clone().count() >= 3 && words.all(is_word)
}

/// The names of the Rust tests: functions with an attribute `test`, and names in macros outside of
/// functions, which turn them into tests.
fn rust_tests() -> BTreeSet<String> {
    let mut tests = Tests::default();
    let files = RUST.iter().flat_map(|directory| WalkDir::new(root().join(directory)));
    let files = files.map(Result::unwrap).map(walkdir::DirEntry::into_path);
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        let text = fs::read_to_string(&file).unwrap();
        let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        tests.visit_file(&syntax);
    }
    tests.0
}

#[derive(Default)]
struct Tests(BTreeSet<String>);

impl Visit<'_> for Tests {
    fn visit_item_fn(&mut self, function: &ItemFn) {
        let has = |name: &str| {
            let mut attributes = function.attrs.iter();
            attributes.any(|attribute| attribute.path().segments.last().is_some_and(|last| last.ident == name))
        };
        if has("test") && !has("ignore") {
            self.0.insert(function.sig.ident.to_string());
        }
        visit::visit_item_fn(self, function);
    }

    fn visit_item_macro(&mut self, item: &ItemMacro) {
        self.add_names(item.mac.tokens.clone());
    }
}

impl Tests {
    fn add_names(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.add_names(group.stream()),
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    if is_test_name(&name) {
                        self.0.insert(name);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

/// The text of all browser tests.
fn browser_tests() -> String {
    let mut text = String::new();
    for entry in fs::read_dir(root().join("end2end/tests")).unwrap() {
        let file = entry.unwrap().path();
        if file.to_string_lossy().ends_with(".spec.ts") {
            text += &fs::read_to_string(file).unwrap();
        }
    }
    text
}

#[test]
fn names_are_code_spans_that_look_like_tests() {
    let page = "`rejects_alg_none` and `two_words`, `Type::a_b_c`, `script/test --only unit`, `cargo`,\n\
                `a form stays on this site`\n\n```\nin_a_code_block\n```\n";
    let names: Vec<_> = names_in(page).into_iter().collect();
    assert_eq!(
        names,
        [
            Name::Rust("rejects_alg_none".to_owned()),
            Name::Browser("a form stays on this site".to_owned()),
        ]
    );
}

#[test]
fn tests_are_found_by_attribute_and_in_macros() {
    let source = "
        #[tokio::test] async fn an_asynchronous_test() {}
        mod inner { #[test] fn a_plain_test() {} fn not_a_test() {} }
        #[test] fn a_test_with_an_assertion() { assert!(not_a_test_either); }
        #[test] #[ignore] fn an_ignored_test() {}
        rejects! { rejects_one_thing: fault() => Error rejects_another_thing: x() => Error }
    ";
    let mut tests = Tests::default();
    tests.visit_file(&syn::parse_file(source).unwrap());
    let tests: Vec<_> = tests.0.iter().map(String::as_str).collect();
    assert_eq!(
        tests,
        [
            "a_plain_test",
            "a_test_with_an_assertion",
            "an_asynchronous_test",
            "rejects_another_thing",
            "rejects_one_thing"
        ]
    );
}
