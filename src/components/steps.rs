//! The steps of the quick start and their list.

use leptos::prelude::*;

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
    pub(crate) const ALL: [Self; 6] = [
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
        <nav class="steps" aria-label="Steps">
            <ol>{steps.into_iter().collect_view()}</ol>
        </nav>
    }
}

/// Tells how far the reader has come.
#[component]
pub(crate) fn StepProgress(step: Step) -> impl IntoView {
    let (number, count) = (step.number(), Step::ALL.len());
    view! {
        <p class="step-progress">
            <progress value=number max=count aria-hidden="true"></progress>
            {format!("Step {number} of {count}")}
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
