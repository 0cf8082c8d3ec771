//! Texts for visitors in their language, with Fluent: [`Texts`].
//!
//! The texts of this crate are in the files `*.ftl` beside this one.

mod accepted;
mod translation;
mod translations;

use std::{fmt, sync::Arc};

use fluent_bundle::FluentResource;
use unic_langid::LanguageIdentifier;

pub(crate) use self::{translation::Translation, translations::Translations};

/// The texts of this crate: language and [Fluent](https://projectfluent.org) source.
const BUILT_IN: [(&str, &str); 4] = [
    ("en", include_str!("en.ftl")),
    ("fr", include_str!("fr.ftl")),
    ("de", include_str!("de.ftl")),
    ("es", include_str!("es.ftl")),
];

/// The texts of components and of this crate's own pages.
///
/// There are texts in English, French, German and Spanish. Each visitor sees the language that its
/// browser prefers (`Accept-Language`), or the first one of these. An app replaces texts, adds
/// languages, or limits the languages to its own:
///
/// ```
/// use logto_axum::{Texts, WebConfig};
///
/// let texts = Texts::default()
///     .with_messages("en", "sign-in = Log in\nsign-out = Log out")
///     .with_messages("it", "sign-in = Accedi\nsign-out = Esci")
///     .with_languages(["it", "en"]);
/// let web = WebConfig::new("https://app.example.com", ["a secret of thirty-two bytes or more".into()])
///     .with_texts(texts);
/// ```
///
/// The keys are those of the file `src/texts/en.ftl` of `logto-axum`. An app may add its own, and
/// read them with [`AuthSession::text`](crate::AuthSession::text). Texts that a language lacks are
/// those of the first language, or English.
#[derive(Clone)]
pub struct Texts {
    languages: Vec<Source>,
    /// Whether the app has set its languages, so that the provider's pages follow them.
    are_of_app: bool,
    /// Problems that the checks at start report.
    problems: Vec<String>,
}

/// The texts of one language.
#[derive(Clone)]
struct Source {
    language: LanguageIdentifier,
    /// Later ones replace the messages of earlier ones.
    resources: Vec<Arc<FluentResource>>,
}

impl Default for Texts {
    fn default() -> Self {
        let empty = Self {
            languages: Vec::new(),
            are_of_app: false,
            problems: Vec::new(),
        };
        let add = |texts: Self, (language, messages)| texts.with_messages(language, messages);
        BUILT_IN.into_iter().fold(empty, add)
    }
}

impl Texts {
    /// Adds messages in Fluent's syntax for a language, such as `de` or `pt-BR`. They replace those
    /// with the same key.
    ///
    /// [`Logto::new`](crate::Logto::new) reports messages with errors.
    #[must_use]
    pub fn with_messages(mut self, language: &str, messages: impl Into<String>) -> Self {
        let Ok(language) = language.parse::<LanguageIdentifier>() else {
            self.problems.push(format!("`{language}` is no language tag"));
            return self;
        };
        let messages = match FluentResource::try_new(messages.into()) {
            Ok(messages) => Arc::new(messages),
            Err((_, errors)) => {
                let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
                let problem = format!("the messages for `{language}` are invalid: {}", errors.join("; "));
                self.problems.push(problem);
                return self;
            }
        };
        match self.languages.iter_mut().find(|known| known.language == language) {
            Some(known) => known.resources.push(messages),
            None => self.languages.push(Source {
                language,
                resources: vec![messages],
            }),
        }
        self
    }

    /// Sets the languages of the app; all others are left out. The first one is the default.
    ///
    /// The provider's pages follow: each sign-in asks for the visitor's language (`ui_locales`),
    /// unless its options have other ones. Without this call the provider chooses a language by
    /// itself, because the app's pages may be in any.
    #[must_use]
    pub fn with_languages<'a>(mut self, languages: impl IntoIterator<Item = &'a str>) -> Self {
        self.are_of_app = true;
        let mut known = std::mem::take(&mut self.languages);
        for language in languages {
            let tag = language.parse().ok();
            let position = known.iter().position(|known| tag.as_ref() == Some(&known.language));
            match position {
                Some(position) => self.languages.push(known.swap_remove(position)),
                None => self.problems.push(format!("there are no texts for `{language}`")),
            }
        }
        if self.languages.is_empty() {
            self.problems.push("there is no language".to_owned());
        }
        self
    }

    pub(crate) fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let languages = self.languages.iter().map(|source| source.language.to_string());
        f.debug_list().entries(languages).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

    use super::*;

    /// The keys of all texts, with the variables that each of them uses.
    fn keys(resource: &FluentResource) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        let mut add = |key: String, pattern: &Pattern<&str>| {
            let variables: BTreeSet<_> = pattern.elements.iter().filter_map(variable).collect();
            assert!(keys.insert(format!("{key} {variables:?}")), "{key} is there twice");
        };
        for entry in resource.entries() {
            let Entry::Message(message) = entry else { continue };
            if let Some(pattern) = &message.value {
                add(message.id.name.to_owned(), pattern);
            }
            for attribute in &message.attributes {
                add(format!("{}.{}", message.id.name, attribute.id.name), &attribute.value);
            }
        }
        keys
    }

    fn variable<'a>(element: &PatternElement<&'a str>) -> Option<&'a str> {
        let inline = match element {
            PatternElement::Placeable {
                expression: Expression::Inline(inline) | Expression::Select { selector: inline, .. },
            } => inline,
            PatternElement::TextElement { .. } => return None,
        };
        match inline {
            InlineExpression::VariableReference { id } => Some(id.name),
            _ => None,
        }
    }

    #[test]
    fn every_language_has_every_text_with_the_same_variables() {
        let texts = Texts::default();
        assert_eq!(texts.problems(), [""; 0]);
        let english = keys(&texts.languages[0].resources[0]);
        assert!(english.len() > 60, "{english:?}");
        for source in &texts.languages {
            assert_eq!(keys(&source.resources[0]), english, "{}", source.language);
        }
    }

    #[test]
    fn every_mistake_is_a_problem() {
        for (texts, problem) in [
            (
                Texts::default().with_messages("no language", ""),
                "`no language` is no language tag",
            ),
            (Texts::default().with_messages("de", "= nothing"), "messages for `de`"),
            (Texts::default().with_languages(["it"]), "no texts for `it`"),
            (Texts::default().with_languages([]), "no language"),
        ] {
            assert!(texts.problems()[0].contains(problem), "{:?}", texts.problems());
        }
    }
}
