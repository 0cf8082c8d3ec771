//! The language of a page, and the texts of the app.
//!
//! Pages render on the server, so the texts stay there. An island gets its texts as children or
//! properties.

pub(crate) mod choice;
#[cfg(test)]
mod tests;
mod texts;

use http::request::Parts;
use leptos::prelude::with_context;
use logto_leptos::AuthSession;

/// A language of the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    En,
    Fr,
}

impl Language {
    /// All languages. The first one is the default.
    pub(crate) const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// Returns the language to switch to.
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::En => Self::Fr,
            Self::Fr => Self::En,
        }
    }

    /// Returns the language tag (BCP 47).
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// Returns the language with this tag.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// Returns the name of the language in the language itself.
    pub(crate) const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fr => "Français",
        }
    }
}

/// Returns the language of the page that this request renders. Outside a request it is English.
///
/// The sign-in library chooses it by `Accept-Language`, which [`choice::apply_choice`] replaces if
/// the visitor has chosen a language. So the texts of the library and of the app agree.
pub(crate) fn language() -> Language {
    let chosen = with_context(|parts: &Parts| {
        let session = parts.extensions.get::<AuthSession>()?;
        Language::from_tag(session.language())
    });
    chosen.flatten().unwrap_or_default()
}
