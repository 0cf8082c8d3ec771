//! The steps of the quick start, and the list of them.

use std::sync::OnceLock;

use leptos::prelude::*;

use super::drawn_once;

/// One step, one page.
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

    /// Its name in the list.
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

/// Something that is the same whenever the page of a step is drawn.
pub(crate) type PerStep = [OnceLock<String>; Step::COUNT];

/// Nothing drawn yet.
pub(crate) const fn not_drawn() -> PerStep {
    [const { OnceLock::new() }; Step::COUNT]
}

/// The list of steps: beside the page where there is room, a row to be scrolled on phones.
pub(crate) fn steps(current: Option<Step>) -> impl IntoView {
    static ON_STEPS: PerStep = not_drawn();
    static ELSEWHERE: OnceLock<String> = OnceLock::new();
    let kept = current.map_or(&ELSEWHERE, |step| &ON_STEPS[step as usize]);
    drawn_once(kept, || list(current))
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
