//! The steps of the quick start and their list.

use std::sync::OnceLock;

use leptos::prelude::*;

use super::cached_html;

/// A step. Each has a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    SignIn,
    Profile,
    Resources,
    Organizations,
    Streaming,
    Session,
}

impl Step {
    const COUNT: usize = 6;
    const ALL: [Self; Self::COUNT] = [
        Self::SignIn,
        Self::Profile,
        Self::Resources,
        Self::Organizations,
        Self::Streaming,
        Self::Session,
    ];

    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::SignIn => "/",
            Self::Profile => "/profile",
            Self::Resources => "/resources",
            Self::Organizations => "/organizations",
            Self::Streaming => "/streaming",
            Self::Session => "/session",
        }
    }

    /// The name in the list.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "Sign in",
            Self::Profile => "Profile",
            Self::Resources => "API resources",
            Self::Organizations => "Organizations",
            Self::Streaming => "Streaming",
            Self::Session => "Session",
        }
    }

    pub(crate) fn next(self) -> Option<Self> {
        let position = Self::ALL.iter().position(|step| *step == self)?;
        Self::ALL.get(position + 1).copied()
    }
}

/// Cached HTML for each step.
pub(crate) type CachePerStep = [OnceLock<String>; Step::COUNT];

pub(crate) const fn empty_caches() -> CachePerStep {
    [const { OnceLock::new() }; Step::COUNT]
}

/// The list of steps: beside the page on wide screens, a scrollable row on phones.
pub(crate) fn steps(current: Option<Step>) -> impl IntoView {
    static ON_STEPS: CachePerStep = empty_caches();
    static ELSEWHERE: OnceLock<String> = OnceLock::new();
    let cache = current.map_or(&ELSEWHERE, |step| &ON_STEPS[step as usize]);
    cached_html(cache, || list(current))
}

fn list(current: Option<Step>) -> impl IntoView {
    let steps = Step::ALL.map(|step| {
        let here = (current == Some(step)).then_some("page");
        view! {
            <li>
                <a href=step.path() aria-current=here>
                    {step.name()}
                </a>
            </li>
        }
    });
    view! {
        <nav class="steps" aria-label="Steps">
            <ol>{steps.into_iter().collect_view()}</ol>
        </nav>
    }
}
