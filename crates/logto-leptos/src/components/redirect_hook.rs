//! Follows redirects of server functions in the browser.

/// Makes the browser follow redirects of server functions that an action calls.
///
/// [`sign_in`](crate::sign_in) and [`sign_out`](crate::sign_out) redirect that way. Without this
/// call, an app in islands mode ignores these redirects, and an app with full hydration keeps
/// showing a page of the session that has ended.
///
/// [`LogtoProvider`](crate::LogtoProvider), [`SignedIn`](crate::SignedIn) and
/// [`SignedOut`](crate::SignedOut) call it. In islands mode, call it before `hydrate_islands`:
///
/// ```
/// # #[cfg(feature = "hydrate")]
/// pub fn hydrate() {
///     logto_leptos::follow_redirects();
///     leptos::mount::hydrate_islands();
/// }
/// ```
///
/// A redirect to a path (`/posts/3`) acts like a click on a link: the router handles it, if there
/// is one. A redirect to an absolute URL loads that page; all redirects of this crate are absolute.
/// Use an absolute URL for routes that the router does not know, such as an axum route of yours. A
/// target that looks like a path but leads to another site (`//evil.example`, `/\evil.example`) is
/// refused.
///
/// No-op on the server.
pub fn follow_redirects() {
    #[cfg(not(feature = "ssr"))]
    in_browser::install();
}

/// The kinds of redirect targets.
#[cfg(any(test, not(feature = "ssr")))]
#[derive(Debug, PartialEq, Eq)]
enum RedirectTarget {
    /// An absolute path of this site.
    Path,
    /// An absolute URL, or a path relative to the page.
    Url,
    /// Looks like a path, but browsers resolve it to another site: they read `\` as `/` and ignore
    /// tabs and line breaks.
    Deceptive,
}

#[cfg(any(test, not(feature = "ssr")))]
impl RedirectTarget {
    fn of(target: &str) -> Self {
        let target = target.trim_start_matches(|character: char| character <= ' ');
        let deceptive = |character: char| character == '\\' || character.is_control();
        if !target.starts_with(['/', '\\']) {
            Self::Url
        } else if target.starts_with("//") || target.contains(deceptive) {
            Self::Deceptive
        } else {
            Self::Path
        }
    }
}

#[cfg(not(feature = "ssr"))]
mod in_browser {
    use std::{cell::Cell, rc::Rc, sync::Once, time::Duration};

    use leptos::{
        logging::{debug_warn, error},
        prelude::*,
        server_fn::redirect::set_redirect_hook,
        task::spawn_local,
        wasm_bindgen::JsCast as _,
        web_sys::HtmlElement,
    };

    use super::RedirectTarget;
    use crate::components::page_session;

    /// How long a redirect waits for the session state, so that other tabs learn of a sign-out
    /// before this one leaves the page.
    const SESSION_STATE_TIMEOUT: Duration = Duration::from_secs(2);

    pub(super) fn install() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            if set_redirect_hook(follow).is_err() {
                debug_warn!(
                    "Another hook already follows redirects of server functions, so this page may not notice a \
                    sign-out. Put `<LogtoProvider>` around the `<Router>`."
                );
            }
        });
    }

    fn follow(target: &str) {
        let destination = target.to_owned();
        match RedirectTarget::of(target) {
            // In the next frame, like the router's own hook: the action's result is rendered first.
            // A block, because the function returns a result from Leptos 0.9 on.
            RedirectTarget::Path => {
                request_animation_frame(move || click(&destination));
            }
            RedirectTarget::Url => load(destination),
            RedirectTarget::Deceptive => error!("Redirect to {target:?} refused: it leads to another site."),
        }
    }

    fn load(url: String) {
        let has_gone = Rc::new(Cell::new(false));
        let go = move || {
            if !has_gone.replace(true) {
                _ = window().location().assign(&url);
            }
        };
        if page_session::is_signed_out() {
            return go();
        }
        set_timeout(go.clone(), SESSION_STATE_TIMEOUT);
        spawn_local(async move {
            page_session::refresh().await;
            go();
        });
    }

    /// Clicks a link, which any router handles.
    fn click(path: &str) {
        let Ok(link) = document().create_element("a") else {
            return;
        };
        _ = link.set_attribute("href", path);
        _ = document().body().map(|body| body.append_child(&link));
        link.unchecked_ref::<HtmlElement>().click();
        link.remove();
    }
}

#[cfg(test)]
mod tests {
    use super::RedirectTarget;

    #[test]
    fn a_path_that_browsers_resolve_to_another_site_is_deceptive() {
        for target in [
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/\n\\evil.example",
            " //evil.example",
            "/a\\b",
        ] {
            assert_eq!(RedirectTarget::of(target), RedirectTarget::Deceptive, "{target:?}");
        }
    }

    #[test]
    fn paths_and_urls_are_followed() {
        for target in ["/", "/posts/3?a=//b#c", "/@evil.example"] {
            assert_eq!(RedirectTarget::of(target), RedirectTarget::Path, "{target}");
        }
        for target in [
            "https://tenant.logto.app/oidc/auth?x=1",
            "http://localhost:3000/",
            "posts",
        ] {
            assert_eq!(RedirectTarget::of(target), RedirectTarget::Url, "{target}");
        }
    }
}
