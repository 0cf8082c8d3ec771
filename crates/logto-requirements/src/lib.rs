//! The types that server and browser share: requirements for signed-in users of Logto (a role, a
//! scope, an organization, a recent sign-in), and the user as the browser knows them.
//!
//! Functions, components, extractors and layers of `logto-axum` and `logto-leptos` take the same
//! [`Requirement`]. Both crates re-export this one, so apps do not add it themselves.
//!
//! ```
//! use std::time::Duration;
//!
//! use logto_requirements::{Requirement, organization, role, scope, signed_in};
//!
//! let page: Requirement = organization("o1").role("billing").scope("read:invoices").into();
//! let settings = role("admin").and(signed_in().within(Duration::from_secs(300)));
//! let articles = role("editor").or(scope("write:articles").on("https://api.example.com"));
//! ```
//!
//! # Evaluation
//!
//! [`Requirement::evaluate`] is a pure function of [`Facts`] about the user. A missing fact is an
//! error unless the requirement is decided without it, so an unknown role or a provider that is
//! down never allows anything.
//!
//! # Source code
//!
//! | module | subject |
//! |---|---|
//! | `requirement`, `scope`, `organization` | the vocabulary |
//! | `facts` | the facts about a user |
//! | `acr`, `step_up` | how strongly a user is authenticated, and what they have to prove |
//! | `evaluate` | the decision |
//! | `user_view` | the user as the browser knows them |

mod acr;
mod evaluate;
mod facts;
mod organization;
mod requirement;
mod scope;
mod step_up;
mod user_view;

pub use self::{
    acr::Acr,
    evaluate::{Decision, Undecided},
    facts::{Fact, Facts, ScopeTarget},
    organization::{OrganizationRequirement, active_organization, organization},
    requirement::{Requirement, role, signed_in},
    scope::{ScopeRequirement, scope},
    step_up::StepUp,
    user_view::{LeftOutClaim, OrganizationView, UserView},
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
