//! How the session stands, as far as the browser knows: what the page came with, and what has
//! changed since.

use std::sync::LazyLock;

use leptos::{prelude::*, task::spawn_local, web_sys::Event};

use super::session_state;
use crate::browser::SessionView;

/// `None` until the page has said it. The browser has one page and one thread, so one value does.
static KNOWN: LazyLock<ArcRwSignal<Option<SessionView>>> = LazyLock::new(|| {
    // The user comes back to the tab: meanwhile the session may have expired, or changed in another
    // tab.
    window_event_listener_untyped("visibilitychange", |_| {
        if !document().hidden() {
            spawn_local(ask());
        }
    });
    ArcRwSignal::new(marked())
});

/// What the mark of `SessionWatch` says. Islands are hydrated by it, because the order in which
/// they take data from the page may differ from the order in which the server wrote it.
fn marked() -> Option<SessionView> {
    let mark = document().query_selector("[data-logto-session]").ok()??;
    match mark.get_attribute("data-logto-session")?.as_str() {
        "signed-in" => Some(SessionView::Active),
        _ => Some(SessionView::Anonymous),
    }
}

/// How the session stands. Reactive.
pub(super) fn known() -> Option<SessionView> {
    KNOWN.get()
}

/// Keeps what the page came with.
pub(super) fn keep(state: SessionView) {
    *KNOWN.write_untracked() = Some(state);
}

/// Whether there certainly is no signed-in user.
pub(super) fn is_signed_out() -> bool {
    let known = KNOWN.get_untracked();
    known.is_some_and(|state| !state.is_authenticated())
}

/// Asks the server, and shows what has changed: here, and in other tabs if the session has ended.
pub(super) async fn ask() {
    let Ok(state) = session_state().await else { return };
    let known = KNOWN.get_untracked().map(SessionView::is_authenticated);
    if known == Some(state.is_authenticated()) {
        // What is shown would be built again, and lose what the user has typed.
        return keep(state);
    }
    KNOWN.set(Some(state));
    if !state.is_authenticated()
        && let Ok(event) = Event::new("logto-signed-out")
    {
        _ = window().dispatch_event(&event);
    }
}
