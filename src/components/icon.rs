//! Icons. They repeat a word beside them, so that screen readers skip them.

use leptos::prelude::*;

/// The icons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// Something is as it should be.
    Check,
    /// Something is renewed.
    Refresh,
    /// There is no user.
    Person,
    /// Something is not allowed.
    Lock,
    /// Something failed.
    Warning,
    /// Something helps.
    Tip,
    /// A link leads to another site.
    External,
}

impl Symbol {
    /// The lines of the icon, in a square of 16 units.
    const fn path(self) -> &'static str {
        match self {
            Self::Check => "M3 8.5l3.2 3.2L13 5",
            Self::Refresh => "M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3",
            Self::Person => "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM3 13.5c.6-2.4 2.5-3.6 5-3.6s4.4 1.2 5 3.6",
            Self::Lock => "M5 7V5.2a3 3 0 0 1 6 0V7M3.5 7h9v6.5h-9z",
            Self::Warning => "M8 2.5l6 11H2zM8 6.5v3.2M8 11.6v.2",
            Self::Tip => "M6.2 11.5a4.4 4.4 0 1 1 3.6 0v1.7H6.2zM6.5 15h3",
            Self::External => "M6.5 3H3v10h10V9.5M9.5 2.8h3.7v3.7M13 3L7.5 8.5",
        }
    }
}

/// An icon in the size and colour of the text around it.
#[component]
pub(crate) fn Icon(symbol: Symbol) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=symbol.path() />
        </svg>
    }
}
