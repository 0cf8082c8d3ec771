//! The session state that the browser knows: first from the page, then from the server's answers.

use std::sync::LazyLock;

use leptos::{prelude::*, task::spawn_local, web_sys::Event};

use super::session_state;
use crate::browser::SessionView;

/// `None` until the page's data is read. A browser page has one thread and one session, so one
/// static value is enough.
static STATE: LazyLock<ArcRwSignal<Option<SessionView>>> = LazyLock::new(|| {
    // While the tab was hidden, the session may have expired or changed in another tab.
    window_event_listener_untyped("visibilitychange", |_| {
        if !document().hidden() {
            spawn_local(refresh());
        }
    });
    ArcRwSignal::new(from_marker())
});

/// Reads the marker of `SessionWatch`. Islands need it to hydrate: they may read the page's
/// serialized data in another order than the server wrote it.
fn from_marker() -> Option<SessionView> {
    let marker = document().query_selector("[data-logto-session]").ok()??;
    match marker.get_attribute("data-logto-session")?.as_str() {
        "signed-in" => Some(SessionView::Active),
        _ => Some(SessionView::Anonymous),
    }
}

/// Returns the known state and tracks it.
pub(super) fn get() -> Option<SessionView> {
    STATE.get()
}

/// Sets the state without rendering anything again.
pub(super) fn set_untracked(state: SessionView) {
    *STATE.write_untracked() = Some(state);
}

/// Whether the user is known to be signed out.
pub(super) fn is_signed_out() -> bool {
    STATE.get_untracked().is_some_and(|state| !state.is_authenticated())
}

/// Asks the server for the state and renders a change. The end of a session also reaches the other
/// tabs.
pub(super) async fn refresh() {
    let Ok(state) = session_state().await else { return };
    let was_authenticated = STATE.get_untracked().map(SessionView::is_authenticated);
    if was_authenticated == Some(state.is_authenticated()) {
        // Rendering the same children again would discard what the user has typed.
        return set_untracked(state);
    }
    STATE.set(Some(state));
    if !state.is_authenticated()
        && let Ok(event) = Event::new("logto-signed-out")
    {
        _ = window().dispatch_event(&event);
    }
}
