//! All languages, and the choice of a visitor's language.

use std::sync::LazyLock;

use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use http::HeaderValue;
use unic_langid::LanguageIdentifier;

use super::{Texts, Translation, accepted::accepted_languages};

/// The texts of [`Texts`], ready for use.
#[derive(Debug)]
pub(crate) struct Translations {
    languages: Vec<LanguageIdentifier>,
    /// In the same order.
    texts: Vec<Translation>,
    /// Whether these are the languages of the app, rather than those of this crate.
    are_of_app: bool,
}

static BUILT_IN: LazyLock<Translations> = LazyLock::new(|| Translations::new(&Texts::default()));

/// The part of `Accept-Language` that is read, in bytes.
const MAX_ACCEPTED: usize = 256;

impl Translations {
    /// Makes the texts ready. Each language falls back to the first one, and that to English.
    pub(crate) fn new(texts: &Texts) -> Self {
        let built_in = Texts::default();
        let fallbacks = built_in.languages.iter().take(1).chain(texts.languages.first());
        Self {
            languages: texts.languages.iter().map(|source| source.language.clone()).collect(),
            texts: texts
                .languages
                .iter()
                .map(|source| Translation::new(source, fallbacks.clone()))
                .collect(),
            are_of_app: texts.are_of_app,
        }
    }

    /// Whether the app has set its languages ([`Texts::with_languages`]).
    pub(crate) fn are_of_app(&self) -> bool {
        self.are_of_app
    }

    /// The built-in texts in English.
    pub(crate) fn english() -> &'static Translation {
        &BUILT_IN.texts[0]
    }

    /// Chooses a language by `Accept-Language` (RFC 9110 §12.5.4).
    pub(crate) fn choose(&self, accepted: Option<&HeaderValue>) -> &Translation {
        self.get(self.position(accepted))
    }

    /// The language at this position. `None` stands for the built-in texts in English.
    pub(crate) fn get(&self, position: Option<usize>) -> &Translation {
        let translation = position.and_then(|position| self.texts.get(position));
        translation.unwrap_or_else(|| Self::english())
    }

    /// The position of the language that [`Translations::choose`] chooses.
    pub(crate) fn position(&self, accepted: Option<&HeaderValue>) -> Option<usize> {
        let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
        // The headers of browsers are shorter. Negotiation takes time for each language.
        let accepted = accepted.get(..MAX_ACCEPTED).unwrap_or(accepted);
        let requested = accepted_languages(accepted);
        let default = self.languages.first();
        let chosen = negotiate_languages(&requested, &self.languages, default, NegotiationStrategy::Lookup);
        let chosen = chosen.first()?;
        self.languages.iter().position(|language| language == *chosen)
    }
}

impl Translation {
    /// Returns the advice that belongs to a text. If an app has replaced the text without its
    /// advice, the built-in English advice remains.
    pub(crate) fn advice(&self, key: &str) -> String {
        let own = self.find(key, Some("advice"), None);
        let advice = own.or_else(|| Translations::english().find(key, Some("advice"), None));
        advice.unwrap_or_default().into_owned()
    }
}

impl Texts {
    /// Returns a built-in text in English, for code that knows no visitor. `None` if there is no
    /// text with this key.
    ///
    /// ```
    /// assert_eq!(logto_axum::Texts::english("sign-in").as_deref(), Some("Sign in"));
    /// ```
    #[must_use]
    pub fn english(key: &str) -> Option<String> {
        let text = Translations::english().find(key, None, None)?;
        Some(text.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn language(texts: &Texts, accepted: &'static str) -> String {
        let accepted = HeaderValue::from_static(accepted);
        Translations::new(texts).choose(Some(&accepted)).language().to_owned()
    }

    #[test]
    fn a_long_header_is_read_in_part() {
        let accepted = format!("{}fr", "xx,".repeat(100_000));
        let accepted = HeaderValue::from_str(&accepted).unwrap();
        assert_eq!(
            Translations::new(&Texts::default()).choose(Some(&accepted)).language(),
            "en"
        );
    }

    #[test]
    fn the_first_language_that_the_browser_accepts_and_the_app_has_is_chosen() {
        let texts = Texts::default();
        for (accepted, expected) in [
            ("", "en"),
            ("*", "en"),
            ("it", "en"),
            ("de", "de"),
            ("de-CH,de;q=0.9,en;q=0.8", "de"),
            ("it-IT,it;q=0.9,fr-FR;q=0.8,en;q=0.7", "fr"),
            ("es-419", "es"),
            ("en;q=0.1,fr;q=0.9", "fr"),
            ("de;q=0,fr;q=0.2", "fr"),
            ("nonsense!,,;q=1", "en"),
        ] {
            assert_eq!(language(&texts, accepted), expected, "{accepted}");
        }
        assert_eq!(Translations::new(&texts).choose(None).language(), "en");
    }

    #[test]
    fn an_app_limits_the_languages_and_chooses_the_default() {
        let texts = Texts::default().with_languages(["fr", "de"]);
        for (accepted, expected) in [("en", "fr"), ("de", "de"), ("es", "fr")] {
            assert_eq!(language(&texts, accepted), expected, "{accepted}");
        }
    }

    #[test]
    fn an_app_replaces_texts_and_adds_languages_with_the_rest_in_the_first_language() {
        let texts = Texts::default()
            .with_messages("de", "sign-in = Einloggen")
            .with_messages("it", "sign-in = Accedi\ngreeting = Ciao { $name }")
            .with_languages(["de", "it"]);
        let translations = Translations::new(&texts);
        let [german, italian] = ["de", "it"].map(|it| translations.choose(Some(&HeaderValue::from_static(it))));
        assert_eq!(german.text("sign-in"), "Einloggen");
        assert_eq!(italian.text("sign-in"), "Accedi");
        assert_eq!(italian.text("sign-out"), "Abmelden");
        assert_eq!(italian.text_with("greeting", "name", "Ada"), "Ciao Ada");
        assert_eq!(german.find("greeting", None, None), None);
    }

    #[test]
    fn a_replaced_title_keeps_its_advice() {
        let texts = Texts::default().with_messages("en", "sign-in-ended = Session over");
        let translations = Translations::new(&texts);
        let english = translations.choose(None);
        assert_eq!(english.text("sign-in-ended"), "Session over");
        assert_eq!(english.advice("sign-in-ended"), "Sign in again to continue.");
    }

    #[test]
    fn the_delay_is_in_the_largest_unit_that_fits() {
        let german = HeaderValue::from_static("de");
        let translations = Translations::new(&Texts::default());
        let german = translations.choose(Some(&german));
        for (seconds, english, in_german) in [
            (0, "a second", "einer Sekunde"),
            (30, "30 seconds", "30 Sekunden"),
            (119, "119 seconds", "119 Sekunden"),
            (120, "2 minutes", "2 Minuten"),
            (601, "11 minutes", "11 Minuten"),
            (7200, "2 hours", "2 Stunden"),
        ] {
            let wait = Duration::from_secs(seconds);
            assert_eq!(
                Translations::english().try_again_in(wait),
                format!("Try again in {english}.")
            );
            assert_eq!(
                german.try_again_in(wait),
                format!("Versuchen Sie es in {in_german} erneut.")
            );
        }
    }
}
