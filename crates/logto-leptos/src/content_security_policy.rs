//! The content security policy of a page that Leptos renders: with its nonce.

use std::{borrow::Cow, env, sync::LazyLock};

use leptos::{
    config::{LeptosOptions, ReloadWSProtocol},
    nonce::use_nonce,
};

use crate::{AuthError, CspDirective, auth_session, static_pages::check_is_listed};

/// Whether `cargo leptos watch` runs this program: `AutoReload` connects to it then.
static IS_WATCHED: LazyLock<bool> = LazyLock::new(|| env::var_os("LEPTOS_WATCH").is_some());

/// Sends the content security policy (`WebConfig::content_security_policy`) with the nonce that
/// Leptos gives the inline scripts of this page: without it the browser runs none of them, and
/// islands stay dead. Call it in the shell. The header is set by the layer
/// (`Logto::layer`); one that the page, or something inside of the layer, sets itself
/// takes its place.
///
/// A page with `SsrMode::Static` is rendered once, so that no response can have a nonce of its own:
/// see `static_pages`.
///
/// While `cargo leptos watch` runs, pages may connect to where it tells them to reload.
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
    let session = match auth_session() {
        Ok(session) => session,
        Err(AuthError::StaticPage) => return check_is_listed(),
        Err(_) => return,
    };
    let Some(policy) = session.logto().content_security_policy() else {
        return;
    };
    let mut policy = Cow::Borrowed(policy);
    if *IS_WATCHED {
        policy = Cow::Owned(
            policy
                .into_owned()
                .allow(CspDirective::ConnectSrc, &reload_source(options)),
        );
    }
    // Not by `ResponseOptions`: leptos_axum's `file_and_error_handler` may send those of a page in
    // progress with a file.
    session.set_content_security_policy(&policy, use_nonce().as_deref());
}

/// Where `AutoReload` connects to, on the host that the page was opened by.
fn reload_source(options: &LeptosOptions) -> String {
    // Not a `match`: the enum is non-exhaustive from Leptos 0.9 on.
    let secure = matches!(options.reload_ws_protocol, ReloadWSProtocol::WSS);
    let scheme = if secure { "wss" } else { "ws" };
    let port = options.reload_external_port.unwrap_or(options.reload_port);
    format!("{scheme}://*:{port}")
}
