//! Where redirects of server functions lead the browser.

/// Makes the browser follow the redirects of server functions that are called by an action, such as
/// those of `sign_in` and `sign_out`.
///
/// Without it nothing happens in an app in islands mode, and the router of an app with full
/// hydration stays on a page of the session that has ended.
/// [`provide_session`](crate::provide_session) calls it, as do [`SignedIn`](crate::SignedIn) and
/// [`SignedOut`](crate::SignedOut) in the browser. In islands mode call it before
/// `hydrate_islands`:
///
/// ```
/// # #[cfg(feature = "hydrate")]
/// pub fn hydrate() {
///     logto_leptos::follow_redirects();
///     leptos::mount::hydrate_islands();
/// }
/// ```
///
/// A redirect to a path of this site (`/posts/3`) is followed like a click on a link: by the router
/// if there is one. A redirect to an absolute address, which those of this crate are, loads the
/// page there. Use an absolute address for routes that the router does not have, such as an axum
/// route of yours. What begins like a path and leads to another site (`//evil.example`,
/// `/\evil.example`) is not followed.
///
/// No-op on the server.
pub fn follow_redirects() {
    #[cfg(not(feature = "ssr"))]
    in_browser::install();
}

/// Where a redirect leads.
#[cfg(any(test, not(feature = "ssr")))]
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// A path of this site.
    Path,
    /// An address that says its site, or a path relative to the page.
    Address,
    /// It begins like a path, and browsers read another site's name in it: they take `\` for `/`,
    /// and drop tabs and line breaks.
    Disguised,
}

#[cfg(any(test, not(feature = "ssr")))]
impl Target {
    fn of(target: &str) -> Self {
        let target = target.trim_start_matches(|character: char| character <= ' ');
        let odd = |character: char| character == '\\' || character.is_control();
        if !target.starts_with(['/', '\\']) {
            Self::Address
        } else if target.starts_with("//") || target.contains(odd) {
            Self::Disguised
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

    use super::Target;
    use crate::components::known;

    /// How long a redirect waits for the server to say whether the session has ended.
    const LONGEST_WAIT: Duration = Duration::from_secs(2);

    pub(super) fn install() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            if set_redirect_hook(follow).is_err() {
                debug_warn!(
                    "Redirects of server functions are already followed by another hook, so that this page may not notice a sign-out. Call \
                     `logto_leptos::provide_session` before the `Router` is created."
                );
            }
        });
    }

    fn follow(target: &str) {
        let destination = target.to_owned();
        match Target::of(target) {
            // After the action's outcome is shown, as the router's own hook does it.
            Target::Path => request_animation_frame(move || click(&destination)),
            Target::Address => load(destination),
            Target::Disguised => error!("A redirect to {target:?} is not followed: it leads to another site."),
        }
    }

    fn load(address: String) {
        let has_gone = Rc::new(Cell::new(false));
        let go = move || {
            if !has_gone.replace(true) {
                _ = window().location().assign(&address);
            }
        };
        if known::is_signed_out() {
            return go();
        }
        set_timeout(go.clone(), LONGEST_WAIT);
        spawn_local(async move {
            known::ask().await;
            go();
        });
    }

    /// Clicks on a link. The router listens for that, whichever it is.
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
    use super::Target;

    #[test]
    fn a_path_that_a_browser_takes_for_another_sites_address_is_not_followed() {
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
            assert_eq!(Target::of(target), Target::Disguised, "{target:?}");
        }
    }

    #[test]
    fn paths_of_this_site_and_addresses_are_followed() {
        for target in ["/", "/posts/3?a=//b#c", "/@evil.example"] {
            assert_eq!(Target::of(target), Target::Path, "{target}");
        }
        for target in [
            "https://tenant.logto.app/oidc/auth?x=1",
            "http://localhost:3000/",
            "posts",
        ] {
            assert_eq!(Target::of(target), Target::Address, "{target}");
        }
    }
}
