//! On the server: every request renders from its own session, before its first component.

use std::iter;

use leptos::{
    either::Either,
    prelude::*,
    reactive::owner::{IsHydrating, Owner},
};
use leptos_router::location::RequestUrl;

use crate::{
    SetUpFinding, auth_session,
    browser::{ComponentTexts, RoutePaths, SessionView, Snapshot},
    components::provider::problem_notice,
    content_security_policy::send_for_page,
    server::session_of_request,
    set_up_findings,
    snapshot::{public_paths, snapshot_of_page, texts_of_request},
};

/// The snapshot of the request.
#[derive(Clone)]
struct PageSession(ArcRwSignal<Snapshot>);

/// Makes the snapshot of this request and provides it to the components below.
pub(crate) fn start() -> Snapshot {
    send_for_page();
    let snapshot = snapshot_of_page();
    provide_context(PageSession(ArcRwSignal::new(snapshot.clone())));
    snapshot
}

/// Returns the snapshot of this request.
pub(crate) fn signal() -> ArcRwSignal<Snapshot> {
    match use_context::<PageSession>() {
        Some(PageSession(snapshot)) => snapshot,
        None => ArcRwSignal::new(without_provider()),
    }
}

/// The snapshot below no [`LogtoProvider`](crate::LogtoProvider).
fn without_provider() -> Snapshot {
    crate::set_up::check_page();
    if let Ok(session) = session_of_request() {
        session.logto().report(SetUpFinding::ProviderMissing);
    }
    if is_hydrated() {
        // The browser does not find the state in the page, so that it starts with this one too.
        Snapshot {
            state: SessionView::Loading,
            ..Snapshot::default()
        }
    } else {
        snapshot_of_page()
    }
}

/// Adds the set-up problems to the first view of a page without a
/// [`LogtoProvider`](crate::LogtoProvider). On other pages the provider shows them.
pub(crate) fn with_notice<V: IntoView + 'static>(view: V) -> impl IntoView {
    if problems_are_shown() {
        return Either::Left(view);
    }
    let notices = set_up_findings().into_iter().map(problem_notice).collect_view();
    Either::Right(view! {
        {notices}
        {view}
    })
}

/// Whether the page shows the problems elsewhere. Where the browser hydrates, it shows them itself,
/// because it expects the elements of its own view.
fn problems_are_shown() -> bool {
    !cfg!(debug_assertions)
        || use_context::<PageSession>().is_some()
        || use_context::<RequestUrl>().is_none()
        || is_hydrated()
        || !is_first_of_page()
}

/// Whether this is the first call for the page.
fn is_first_of_page() -> bool {
    #[derive(Clone)]
    struct Called;

    let page = iter::successors(Owner::current(), Owner::parent).last();
    page.is_some_and(|page| {
        page.with(|| {
            let is_first = use_context::<Called>().is_none();
            provide_context(Called);
            is_first
        })
    })
}

/// Whether the browser hydrates the current part of the page.
pub(crate) fn is_hydrated() -> bool {
    let by_context = || Owner::current_shared_context().is_some_and(|context| context.get_is_hydrating());
    use_context::<IsHydrating>().map_or_else(by_context, |IsHydrating(is_hydrating)| is_hydrating)
}

/// Returns the paths of the routes.
pub(crate) fn paths() -> RoutePaths {
    match use_context::<PageSession>() {
        Some(PageSession(snapshot)) => snapshot.read_untracked().paths.clone(),
        None => auth_session().map_or_else(|_| RoutePaths::default(), |session| public_paths(&session)),
    }
}

/// Returns the texts of the components.
pub(crate) fn texts() -> ComponentTexts {
    match use_context::<PageSession>() {
        Some(PageSession(snapshot)) => snapshot.read_untracked().texts.clone(),
        None => texts_of_request(),
    }
}

/// No-op: the server renders each page once.
pub(crate) fn refetch() {}
