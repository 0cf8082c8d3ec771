//! The decision of a component, which follows the session.

use leptos::prelude::ArcAsyncDerived;
use logto_requirements::Requirement;

use super::{access::Access, page_verdict::PageVerdict};

/// A decision, and whether it starts a sign-in.
#[derive(Clone, Debug)]
pub(super) struct Decision {
    pub(super) access: Access,
    /// Whether the browser leaves for the sign-in. Only the first decision after a click on a link
    /// does that: a sign-out or a page of the server must not start a sign-in.
    pub(super) starts_sign_in: bool,
}

/// The decision of a component.
///
/// It is not a `Resource`: islands hydrate in any order, so that each of them might read the
/// decision of another from the data that Leptos serializes.
#[derive(Clone)]
pub(super) struct Verdict {
    decision: ArcAsyncDerived<Decision>,
    marker: PageVerdict,
}

impl Verdict {
    /// `is_page`: whether a user who has to sign in leaves the page for the sign-in.
    pub(super) fn new(requirement: Requirement, is_page: bool) -> Self {
        let marker = PageVerdict::of(&requirement);
        let decision = imp::decision(requirement, is_page, &marker);
        Self { decision, marker }
    }

    pub(super) fn decision(&self) -> ArcAsyncDerived<Decision> {
        self.decision.clone()
    }

    pub(super) fn marker(&self) -> PageVerdict {
        self.marker.clone()
    }
}

#[cfg(feature = "ssr")]
mod imp {
    use leptos::prelude::{ArcAsyncDerived, Owner};
    use logto_requirements::Requirement;

    use super::{Decision, PageVerdict};
    use crate::protect::access::decide;

    pub(super) fn decision(requirement: Requirement, is_page: bool, _: &PageVerdict) -> ArcAsyncDerived<Decision> {
        let decision = ArcAsyncDerived::new(move || {
            let access = decide(requirement.clone(), is_page);
            async move {
                Decision {
                    access: access.await,
                    starts_sign_in: false,
                }
            }
        });
        // The head waits for it, like for a blocking resource.
        if let Some(context) = Owner::current_shared_context() {
            context.defer_stream(Box::pin(decision.ready()));
        }
        decision
    }
}

#[cfg(not(feature = "ssr"))]
mod imp {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use leptos::prelude::*;
    use logto_requirements::Requirement;

    use super::{Access, ArcAsyncDerived, Decision, PageVerdict};
    use crate::{components::page_snapshot, protect::access::allows};

    pub(super) fn decision(requirement: Requirement, is_page: bool, marker: &PageVerdict) -> ArcAsyncDerived<Decision> {
        let from_page = marker.read();
        let asks = ArcRwSignal::new(from_page.is_none());
        if from_page == Some(Access::Unknown) {
            // After hydration, which needs the same view as the server.
            let asks = asks.clone();
            Effect::new(move |_| asks.set(true));
        }
        let snapshot = page_snapshot();
        let followed = Memo::new(move |_| {
            let snapshot = snapshot.read();
            (snapshot.state.is_authenticated(), snapshot.active_organization.clone())
        });
        let may_start = Arc::new(AtomicBool::new(is_page && from_page.is_none()));
        let from_page = ArcStoredValue::new(from_page);
        ArcAsyncDerived::new(move || {
            asks.track();
            // `track` would not compute the memo, and then it follows nothing.
            _ = followed.get();
            let from_page = from_page.write_value().take();
            let starts_sign_in = may_start.swap(false, Ordering::Relaxed);
            let requirement = requirement.clone();
            async move {
                let access = match from_page {
                    Some(access) => access,
                    None => allows(requirement).await.unwrap_or_else(Access::Refused),
                };
                Decision { access, starts_sign_in }
            }
        })
    }
}
