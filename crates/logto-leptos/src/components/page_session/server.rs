//! On the server: every request renders from its own session, before its first component.

use leptos::{
    prelude::*,
    reactive::owner::{IsHydrating, Owner},
};

use crate::{
    SetUpFinding, auth_session,
    browser::{ComponentTexts, RoutePaths, SessionView, Snapshot},
    content_security_policy::send_for_page,
    server::session_of_request,
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
