//! Texts in the visitor's language.

use std::time::Duration;

use crate::{
    advice::{Advice, advice_in},
    session::AuthSession,
    texts::Translation,
};

impl AuthSession {
    /// Returns the language of this visitor's texts, such as `de`: the first one that the browser
    /// accepts and that [`Texts`](crate::Texts) has.
    #[must_use]
    pub fn language(&self) -> &str {
        self.translation().language()
    }

    /// Returns a text of [`Texts`](crate::Texts) in the visitor's language, or `None` if there is no
    /// text with this key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<String> {
        let text = self.translation().find(key, None, None)?;
        Some(text.into_owned())
    }

    /// Returns the advice for the code of an error, like [`advice`](crate::advice()), in the
    /// visitor's language.
    #[must_use]
    pub fn advice(&self, code: &str) -> Advice {
        advice_in(self.translation(), code)
    }

    /// Returns a sentence that says when to try again, like [`try_again_in`](crate::try_again_in),
    /// in the visitor's language.
    #[must_use]
    pub fn try_again_in(&self, wait: Duration) -> String {
        self.translation().try_again_in(wait)
    }

    pub(crate) fn translation(&self) -> &Translation {
        let (translations, request) = (&self.shared().translations, &self.request);
        // Once, because a page has many texts.
        let language = request
            .language
            .get_or_init(|| translations.position(request.accept_language.as_ref()));
        translations.get(*language)
    }
}
