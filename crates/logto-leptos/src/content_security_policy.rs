//! The content security policy of a page that Leptos renders, with the page's nonce.

use std::{borrow::Cow, env, sync::LazyLock};

use leptos::{
    config::{LeptosOptions, ReloadWSProtocol, get_configuration},
    nonce::use_nonce,
};

use crate::{CspDirective, SessionError, server::session_of_request, static_pages::check_is_listed};

/// Whether `cargo leptos watch` runs this program. `AutoReload` then connects to it.
static IS_WATCHED: LazyLock<bool> = LazyLock::new(|| env::var_os("LEPTOS_WATCH").is_some());

/// Sends the content security policy with the nonce of this page.
///
/// [`LogtoProvider`](crate::LogtoProvider) calls it. An app without that component calls it in the
/// shell.
///
/// Leptos marks the inline scripts of a page with a nonce. Without that nonce in the policy, the
/// browser runs none of them, and nothing is hydrated. `WebConfig::with_security_headers`
/// sets the policy; without a policy, this function is a no-op. The layer sets the header, unless
/// the response already has one.
///
/// A page with `SsrMode::Static` is rendered once and cannot have a nonce: see
/// [`static_pages`](crate::static_pages).
///
/// Under `cargo leptos watch`, the policy also allows the connection of `AutoReload`.
///
/// ```
/// use leptos::prelude::*;
///
/// # #[component] fn App() -> impl IntoView {}
/// fn shell(options: LeptosOptions) -> impl IntoView {
///     logto_leptos::send_content_security_policy(&options);
///     view! {
///         <!DOCTYPE html>
///         <html lang="en">
///             <head>
///                 <AutoReload options=options.clone() />
///                 <HydrationScripts options />
///             </head>
///             <body><App /></body>
///         </html>
///     }
/// }
/// ```
pub fn send_content_security_policy(options: &LeptosOptions) {
    send(|| Some(reload_source(options)));
}

/// Sends the policy of a page whose `LeptosOptions` are not at hand: they are read from the
/// variables that `cargo leptos` sets.
pub(crate) fn send_for_page() {
    static RELOAD_SOURCE: LazyLock<Option<String>> = LazyLock::new(|| {
        let options = get_configuration(None).ok()?.leptos_options;
        Some(reload_source(&options))
    });
    send(|| RELOAD_SOURCE.clone());
}

fn send(reload_source: impl FnOnce() -> Option<String>) {
    let session = match session_of_request() {
        Ok(session) => session,
        Err(SessionError::StaticPage) => return check_is_listed(),
        Err(_) => return,
    };
    let Some(policy) = session.logto().content_security_policy() else {
        return;
    };
    let mut policy = Cow::Borrowed(policy);
    if *IS_WATCHED && let Some(source) = reload_source() {
        policy = Cow::Owned(policy.into_owned().allow(CspDirective::ConnectSrc, &source));
    }
    // Not through `ResponseOptions`: leptos_axum's `file_and_error_handler` may add the options of
    // a page that is still rendering to the response for a file.
    session.set_content_security_policy(&policy, use_nonce().as_deref());
}

/// The source that `AutoReload` connects to, on any host: the page may be opened by several names.
fn reload_source(options: &LeptosOptions) -> String {
    // Not a `match`: the enum is non-exhaustive from Leptos 0.9 on.
    let secure = matches!(options.reload_ws_protocol, ReloadWSProtocol::WSS);
    let scheme = if secure { "wss" } else { "ws" };
    let port = options.reload_external_port.unwrap_or(options.reload_port);
    format!("{scheme}://*:{port}")
}
