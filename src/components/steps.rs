//! The steps of the quick start and their list.

use std::borrow::Cow;

use leptos::prelude::*;

use crate::language::language;

/// A step. Each has a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Overview,
    SetUp,
    SignIn,
    Protect,
    Profile,
    Resources,
    Organizations,
    Account,
    Sessions,
    Streaming,
    LogtoAway,
}

impl Step {
    pub(crate) const ALL: [Self; 11] = [
        Self::Overview,
        Self::SetUp,
        Self::SignIn,
        Self::Protect,
        Self::Profile,
        Self::Resources,
        Self::Organizations,
        Self::Account,
        Self::Sessions,
        Self::Streaming,
        Self::LogtoAway,
    ];

    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/",
            Self::SetUp => "/set-up",
            // The library asks at `/sign-in` before it starts a sign-in.
            Self::SignIn => "/signing-in",
            Self::Protect => "/protect",
            Self::Profile => "/profile",
            Self::Resources => "/resources",
            Self::Organizations => "/organizations",
            Self::Account => "/account",
            Self::Sessions => "/sessions",
            Self::Streaming => "/streaming",
            Self::LogtoAway => "/logto-away",
        }
    }

    /// The name in the list, in the language of the page.
    pub(crate) fn name(self) -> Cow<'static, str> {
        language().text(match self {
            Self::Overview => "step-overview",
            Self::SetUp => "step-set-up",
            Self::SignIn => "step-sign-in",
            Self::Protect => "step-protect",
            Self::Profile => "step-profile",
            Self::Resources => "step-resources",
            Self::Organizations => "step-organizations",
            Self::Account => "step-account",
            Self::Sessions => "step-sessions",
            Self::Streaming => "step-streaming",
            Self::LogtoAway => "step-logto-away",
        })
    }

    /// The number in the list, from 1.
    pub(crate) const fn number(self) -> usize {
        self as usize + 1
    }

    pub(crate) fn next(self) -> Option<Self> {
        Self::ALL.get(self.number()).copied()
    }
}

/// The list of steps: beside the page on wide screens, a scrollable row on phones.
#[component]
pub(crate) fn Steps(current: Option<Step>) -> impl IntoView {
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
        <nav class="steps" aria-label=language().text("steps-label")>
            <ol>{steps.into_iter().collect_view()}</ol>
        </nav>
    }
}

/// The number of the step, and how many there are.
#[component]
pub(crate) fn StepProgress(step: Step) -> impl IntoView {
    let (number, count) = (step.number(), Step::ALL.len());
    let position = language().text_with("step-position", [("step", number), ("count", count)]);
    view! {
        <p class="step-progress">
            <progress value=number max=count aria-hidden="true"></progress>
            {position}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_are_numbered_in_their_order() {
        let numbers = Step::ALL.map(Step::number);
        assert!(numbers.into_iter().eq(1..=Step::ALL.len()));
        let (first, rest) = Step::ALL.split_first().unwrap();
        let followers = std::iter::successors(first.next(), |step| step.next());
        assert!(followers.eq(rest.iter().copied()));
    }
}
