//! In the browser: one static signal, because a page has one thread and one session.

use std::{
    cell::{Cell, RefCell},
    sync::LazyLock,
    time::Duration,
};

use leptos::{
    leptos_dom::helpers::TimeoutHandle,
    logging::error,
    prelude::*,
    server_fn::{ServerFn as _, client::get_server_url},
    task::spawn_local,
    wasm_bindgen::{JsCast as _, JsValue},
    web_sys::{Element, Event, RequestInit, Response, UrlSearchParams},
};

use crate::{
    browser::{ComponentTexts, RoutePaths, SessionView, Snapshot, UserView, read},
    snapshot::RequestSnapshot,
};

static SNAPSHOT: LazyLock<ArcRwSignal<Snapshot>> = LazyLock::new(|| {
    // While the tab was hidden, the session may have expired or changed in another tab.
    window_event_listener_untyped("visibilitychange", |_| {
        if !document().hidden() {
            check();
        }
    });
    let snapshot = from_page();
    if snapshot.state.is_loading() {
        check();
    }
    ask_again_after(&snapshot);
    ArcRwSignal::new(snapshot)
});

/// Starts to follow the session.
pub(crate) fn start() -> Snapshot {
    signal().get_untracked()
}

pub(crate) fn signal() -> ArcRwSignal<Snapshot> {
    SNAPSHOT.clone()
}

/// Returns the paths of the routes. An app that needs only these does not follow the session.
pub(crate) fn paths() -> RoutePaths {
    written().as_ref().map(read::paths).unwrap_or_default()
}

/// Returns the texts of the components.
pub(crate) fn texts() -> ComponentTexts {
    page_texts().unwrap_or_default()
}

/// Returns the texts of the components, or `None` outside a `LogtoProvider`.
pub(crate) fn page_texts() -> Option<ComponentTexts> {
    written().as_ref().map(read::texts)
}

/// Whether the user is known to be signed out.
pub(crate) fn is_signed_out() -> bool {
    SNAPSHOT.read_untracked().state.is_signed_out()
}

/// Always `true`, because the browser renders only the parts that it hydrates.
pub(crate) const fn is_hydrated() -> bool {
    true
}

/// Asks the server for current claims, without waiting for the answer.
pub(crate) fn refetch() {
    spawn_local(update(true));
}

/// Asks the server whether the session has changed, without waiting for the answer.
fn check() {
    spawn_local(refresh());
}

/// Requests the snapshot from the server and updates the page. If the session has ended, it tells
/// the other tabs.
pub(crate) async fn refresh() {
    update(false).await;
}

/// With `fresh`, the server refreshes the claims first.
async fn update(fresh: bool) {
    let Some(now) = request(fresh).await else { return };
    let before = SNAPSHOT.get_untracked();
    if is_another_user(before.user.as_ref(), now.user.as_ref()) {
        // The page still shows data of the user before.
        _ = window().location().reload();
        return;
    }
    let has_ended = now.state.is_signed_out() && !before.state.is_signed_out();
    ask_again_after(&now);
    if let Some(marker) = marker() {
        _ = marker.set_attribute("data-logto-session", now.state.marker());
    }
    if now != before {
        SNAPSHOT.set(now);
    }
    if has_ended && let Ok(event) = Event::new("logto-signed-out") {
        _ = window().dispatch_event(&event);
    }
}

/// Calls the server function [`session_snapshot`](crate::session_snapshot), without the client of
/// server functions, which an app may not need otherwise.
async fn request(fresh: bool) -> Option<Snapshot> {
    let fields = UrlSearchParams::new_with_str(if fresh { "fresh=true" } else { "fresh=false" }).ok()?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&fields);
    let url = [get_server_url(), RequestSnapshot::url()].concat();
    let response = window().fetch_with_str_and_init(&url, &request).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let json = response.json().ok()?.await.ok()?;
    read::snapshot(&json)
}

/// Whether the user of the page has changed, even if it was signed out in between.
fn is_another_user(before: Option<&UserView>, now: Option<&UserView>) -> bool {
    thread_local! {
        static LAST_USER: RefCell<Option<String>> = const { RefCell::new(None) };
    }
    LAST_USER.with_borrow_mut(|last| {
        if let Some(user) = before {
            *last = Some(user.id.clone());
        }
        matches!((last, now), (Some(last), Some(now)) if *last != now.id)
    })
}

/// Asks again once the session has ended.
fn ask_again_after(snapshot: &Snapshot) {
    thread_local! {
        static TIMER: Cell<Option<TimeoutHandle>> = const { Cell::new(None) };
    }
    /// Browsers fire a longer timeout immediately: they keep milliseconds in 32 bits.
    const LONGEST: u64 = 24 * 24 * 60 * 60;
    let timer = snapshot.ends_in.and_then(|seconds| {
        // A second later, because the server counts full seconds.
        let wait = Duration::from_secs(seconds.saturating_add(1).min(LONGEST));
        set_timeout_with_handle(check, wait).ok()
    });
    if let Some(earlier) = TIMER.replace(timer) {
        earlier.clear();
    }
}

/// The element of the page that holds the snapshot.
fn marker() -> Option<Element> {
    document().query_selector("[data-logto-session]").ok()?
}

/// The snapshot that the server wrote into the page.
fn written() -> Option<JsValue> {
    read::parse(&marker()?.get_attribute("data-logto-snapshot")?)
}

/// Returns the view unchanged. If the page is not hydrated, the server renders the notices;
/// otherwise [`from_page`] adds them.
pub(crate) const fn with_notice<V>(view: V) -> V {
    view
}

/// Says on the page of a debug build that the component is missing, below the content, so that
/// hydration does not meet the element.
fn show_missing_provider(problem: &str) {
    let page = document();
    if !cfg!(debug_assertions) || page.query_selector(".logto-problem").is_ok_and(|known| known.is_some()) {
        return;
    }
    if let (Some(body), Ok(notice)) = (page.body(), page.create_element("p")) {
        notice.set_class_name("logto-problem");
        _ = notice.set_attribute("role", "alert");
        notice.set_text_content(Some(problem));
        _ = body.append_child(&notice);
    }
}

/// Reads the snapshot in the page. Islands hydrate in any order, so it is not part of the data that
/// Leptos serializes.
fn from_page() -> Snapshot {
    let Some(marker) = marker() else {
        const PROBLEM: &str = "`<LogtoProvider>` is missing: put `<LogtoProvider>` around the `<Router>`";
        error!("{PROBLEM} [provider_missing]");
        show_missing_provider(PROBLEM);
        return Snapshot {
            state: SessionView::Loading,
            ..Snapshot::default()
        };
    };
    let snapshot = written().as_ref().and_then(read::snapshot);
    snapshot.unwrap_or_else(|| Snapshot {
        state: SessionView::from_marker(marker.get_attribute("data-logto-session").as_deref()),
        ..Snapshot::default()
    })
}
