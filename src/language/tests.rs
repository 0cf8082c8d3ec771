//! Tests of the texts in `locales`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

use super::Language;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A text, in one language.
#[derive(Default)]
struct Text {
    page: String,
    /// The text with `x` for each variable, and after it the variants that depend on one.
    parts: Vec<String>,
    variables: BTreeSet<String>,
    /// Keys of other texts that are parts of this one.
    references: BTreeSet<String>,
}

impl Text {
    fn add(&mut self, pattern: &Pattern<String>) {
        let mut part = String::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => part.push_str(value),
                PatternElement::Placeable { expression } => {
                    part.push('x');
                    self.add_expression(expression);
                }
            }
        }
        self.parts.push(part);
    }

    fn add_expression(&mut self, expression: &Expression<String>) {
        let inline = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                for variant in variants {
                    self.add(&variant.value);
                }
                selector
            }
        };
        match inline {
            InlineExpression::VariableReference { id } => self.variables.insert(id.name.clone()),
            InlineExpression::MessageReference { id, .. } => self.references.insert(id.name.clone()),
            other => panic!("no variable and no text: {other:?}"),
        };
    }

    /// Opening and closing tags, without attributes, in alphabetical order.
    fn tags(&self) -> Vec<&str> {
        let starts = self.parts.iter().flat_map(|part| part.split('<').skip(1));
        let mut tags: Vec<_> = starts
            .map(|start| start.split(['>', ' ']).next().unwrap_or_default())
            .collect();
        tags.sort_unstable();
        tags
    }
}

/// The pages with texts in this language.
fn pages(language: Language) -> BTreeMap<String, PathBuf> {
    let files = fs::read_dir(root().join("locales").join(language.tag())).unwrap();
    files
        .map(|file| file.unwrap().path())
        .map(|file| (file.file_stem().unwrap().to_str().unwrap().replace('_', "-"), file))
        .collect()
}

/// All texts in this language by their keys.
fn texts(language: Language) -> BTreeMap<String, Text> {
    let mut texts = BTreeMap::new();
    for (page, file) in pages(language) {
        let source = fs::read_to_string(&file).unwrap();
        let resource = parser::parse(source).unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", file.display()));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut text = Text {
                page: page.clone(),
                ..Text::default()
            };
            text.add(&message.value.expect("a text"));
            let earlier = texts.insert(message.id.name.clone(), text);
            assert!(earlier.is_none(), "{} is there twice", message.id.name);
        }
    }
    texts
}

/// The source code of the app.
fn source() -> String {
    fn read(directory: &Path, source: &mut String) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, source);
            } else if !path.ends_with(file!()) && path.extension().is_some_and(|extension| extension == "rs") {
                source.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut source = String::new();
    read(&root().join("src"), &mut source);
    source
}

#[test]
fn every_text_is_in_every_language_with_the_same_variables_and_tags() {
    let [english, french] = Language::ALL.map(texts);
    assert!(english.keys().eq(french.keys()), "the keys of both languages");
    for (key, english) in &english {
        let french = &french[key];
        assert_eq!(english.page, french.page, "{key}");
        assert_eq!(english.variables, french.variables, "{key}");
        assert_eq!(english.references, french.references, "{key}");
        // A language may repeat a tag in the variants of a number.
        let [english, french] = [english, french].map(|text| text.tags().into_iter().collect::<BTreeSet<_>>());
        assert_eq!(english, french, "{key}");
    }
}

#[test]
fn the_key_of_a_text_tells_its_page_and_whether_it_is_html() {
    for (key, text) in texts(Language::En) {
        let is_of_page = key.starts_with(&format!("{}-", text.page));
        assert!(is_of_page || text.page == "common", "{key} is in {}", text.page);
        assert_eq!(key.ends_with("-html"), !text.tags().is_empty(), "{key}");
    }
}

#[test]
fn the_app_loads_every_text() {
    for language in Language::ALL {
        for key in texts(language).into_keys() {
            assert!(language.has(&key), "{key} in {}", language.tag());
        }
    }
}

#[test]
fn every_key_in_the_source_has_a_text() {
    let (source, texts) = (source(), texts(Language::En));
    let calls = source
        .split(".text(\"")
        .skip(1)
        .chain(source.split(".text_with(\"").skip(1))
        .chain(source.split("prose(\"").skip(1));
    let keys: BTreeSet<_> = calls.map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(keys.len() > 10, "{keys:?}");
    for key in keys {
        assert!(texts.contains_key(key), "{key}");
    }
}

#[test]
fn every_text_is_used() {
    let (source, texts) = (source(), texts(Language::En));
    let unused = texts.keys().filter(|key| {
        !source.contains(&format!("\"{key}\"")) && !texts.values().any(|text| text.references.contains(*key))
    });
    assert_eq!(unused.collect::<Vec<_>>(), Vec::<&String>::new());
}

/// The words of a text, with `x` for tags and code.
fn prose(text: &str) -> String {
    let mut prose = String::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        prose.push_str(before);
        prose.push('x');
        let end = if tag.starts_with("code>") { "</code>" } else { ">" };
        rest = tag.split_once(end).expect("the end of a tag").1;
    }
    prose + rest
}

/// The typographic error of a French text, if it has one.
fn typographic_error(text: &str) -> Option<&'static str> {
    let characters: Vec<_> = prose(text).chars().collect();
    let no_break = |at: Option<usize>| {
        let character = at.and_then(|at| characters.get(at));
        matches!(character, Some('\u{a0}' | '\u{202f}'))
    };
    characters.iter().enumerate().find_map(|(at, character)| {
        let (before, after) = (at.checked_sub(1), at + 1);
        // Within a word, a colon is part of a time or an address.
        let ends = characters
            .get(after)
            .is_none_or(|next| next.is_whitespace() || *next == '»');
        match character {
            '\'' => Some("a straight apostrophe"),
            '"' => Some("a straight quotation mark"),
            ':' | ';' | '!' | '?' if ends && !no_break(before) => Some("no no-break space before a mark"),
            '«' if !no_break(Some(after)) => Some("no no-break space after «"),
            '»' if !no_break(before) => Some("no no-break space before »"),
            '.' if characters[at..].starts_with(&['.', '.', '.']) => Some("dots instead of an ellipsis"),
            _ => None,
        }
    })
}

#[test]
fn french_texts_follow_french_typography() {
    for (key, text) in texts(Language::Fr) {
        for part in &text.parts {
            assert_eq!(typographic_error(part), None, "{key}: {part}");
        }
    }
}

#[test]
fn typographic_errors_are_found() {
    for right in [
        "L’adresse\u{a0}: «\u{202f}ici\u{202f}»\u{a0}?",
        "À 14:05, <code>a: \"b\"</code> et x\u{a0}; https://logto.io/?a",
    ] {
        assert_eq!(typographic_error(right), None, "{right}");
    }
    for wrong in [
        "L'adresse",
        "L’\"adresse\"",
        "Quoi ?",
        "Quoi?",
        "<code>a</code> : b",
        "« ici\u{a0}»",
        "«\u{a0}ici »",
        "Attendez...",
    ] {
        assert!(typographic_error(wrong).is_some(), "{wrong}");
    }
}
