//! The texts of the app: `locales/<language>/<page>.ftl`, in the syntax of
//! [Fluent](https://projectfluent.org).
//!
//! The key of a text begins with the name of its page. The key of a text with markup ends with
//! `-html`; it goes into `inner_html`, as a `String`.

use std::{borrow::Cow, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

use super::Language;

type Texts = FluentBundle<FluentResource>;

macro_rules! files {
    ($language:literal) => {
        files! { $language:
            "common" "overview" "set_up" "sign_in" "protect" "profile" "resources" "organizations" "manage_organizations"
            "invitation" "my_account" "act_as" "sessions" "streaming" "logto_away" "auth_error" "not_found"
        }
    };
    ($language:literal: $($page:literal)*) => {
        [$(include_str!(concat!("../../locales/", $language, "/", $page, ".ftl"))),*]
    };
}

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| parse(Language::En, files!("en")));
static FRENCH: LazyLock<Texts> = LazyLock::new(|| parse(Language::Fr, files!("fr")));

/// A test parses every file, so that no request meets an invalid one.
fn parse(language: Language, files: impl IntoIterator<Item = &'static str>) -> Texts {
    let mut texts = Texts::new_concurrent(vec![language.tag().parse().unwrap_or_default()]);
    // The marks that isolate inserted text from its direction are needed for other scripts only.
    texts.set_use_isolating(false);
    for file in files {
        let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(valid, _)| valid);
        // An error means that a key is there twice. The first text stays.
        _ = texts.add_resource(resource);
    }
    texts
}

impl Language {
    fn texts(self) -> &'static Texts {
        match self {
            Self::En => &ENGLISH,
            Self::Fr => &FRENCH,
        }
    }

    /// Returns a text by its key, or the key if there is no such text.
    pub(crate) fn text(self, key: &'static str) -> Cow<'static, str> {
        format(self.texts(), key, None)
    }

    /// Returns a text with the values of its variables.
    ///
    /// The values are not escaped, so the text must not become HTML without escaping.
    pub(crate) fn text_with<'a, V>(self, key: &'static str, values: impl IntoIterator<Item = (&'a str, V)>) -> String
    where
        V: Into<FluentValue<'a>>,
    {
        let values: FluentArgs<'a> = values.into_iter().map(|(name, value)| (name, value.into())).collect();
        format(self.texts(), key, Some(&values)).into_owned()
    }
}

fn format<'a>(texts: &'a Texts, key: &'static str, values: Option<&FluentArgs<'_>>) -> Cow<'a, str> {
    let pattern = texts.get_message(key).and_then(|message| message.value());
    match pattern {
        // A variable without a value stays visible as `{$name}`.
        Some(pattern) => texts.format_pattern(pattern, values, &mut Vec::new()),
        None => Cow::Borrowed(key),
    }
}

#[cfg(test)]
impl Language {
    pub(super) fn has(self, key: &str) -> bool {
        self.texts().has_message(key)
    }
}
