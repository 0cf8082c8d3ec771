//! Where redirects of server functions lead the browser.

/// Makes the browser follow the redirects of server functions that are called by an action, such as those of `sign_in` and `sign_out`.
///
/// Without it nothing happens in an app in islands mode, and the router of an app with full hydration stays on a page of the session that has
/// ended. [`provide_session`](crate::provide_session) calls it, as do [`SignedIn`](crate::SignedIn) and [`SignedOut`](crate::SignedOut) in
/// the browser. In islands mode call it before `hydrate_islands`:
///
/// ```
/// # #[cfg(feature = "hydrate")]
/// pub fn hydrate() {
///     logto_leptos::follow_redirects();
///     leptos::mount::hydrate_islands();
/// }
/// ```
///
/// A redirect to a path of this site (`/posts/3`) is followed like a click on a link: by the router if there is one. A redirect to an
/// absolute address, which those of this crate are, loads the page there. Use an absolute address for routes that the router does not have,
/// such as an axum route of yours.
///
/// No-op on the server.
pub fn follow_redirects() {
    #[cfg(not(feature = "ssr"))]
    in_browser::install();
}

#[cfg(not(feature = "ssr"))]
mod in_browser {
    use std::sync::Once;

    use leptos::{
        logging::debug_warn, prelude::*, server_fn::redirect::set_redirect_hook, task::spawn_local,
        wasm_bindgen::JsCast as _, web_sys::HtmlElement,
    };

    use crate::components::known;

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
        let target = target.to_owned();
        if target.starts_with('/') && !target.starts_with("//") {
            // After the action's outcome is shown, as the router's own hook does it.
            request_animation_frame(move || click(&target));
            return;
        }
        spawn_local(async move {
            if !known::is_signed_out() {
                known::ask().await;
            }
            _ = window().location().assign(&target);
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
