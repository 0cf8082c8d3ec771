//! The layer: a session for every request, its cookie written once, before the head goes out.

use std::sync::Arc;

use tower::Layer;

use crate::{
    guard::server_functions::ServerFunctions,
    headers::static_pages::StaticPages,
    logto::Logto,
    service::{LayerOptions, LogtoService},
};

/// Gives every request an [`AuthSession`](crate::AuthSession) and writes the session cookie back
/// when it has changed.
///
/// The cookie is opened when somebody asks for the session: static files never pay for that. It is
/// written when the response's head is ready; a token that is refreshed later, while the body
/// streams, is remembered and written with the next response.
///
/// What ends soon is renewed before a page is rendered: after the service inside is called, but
/// before its future is first polled.
///
/// What changes state, web sockets included, is refused with 403 when a page of another site sends
/// it ([`WebConfig::with_open_path`](crate::WebConfig::with_open_path) are excepted). A request that has
/// neither `Sec-Fetch-Site` nor `Origin` comes from a program; it passes unless it carries a
/// session cookie.
///
/// Responses are marked `private, no-store` and `Vary: Cookie`, whatever they said about caching
/// before, when they
/// - asked for the session, even if there is none, or set a cookie;
/// - could still ask for it while the body streams, or are HTML, unless they say `Cache-Control:
///   public` themselves. The session of a `public` response ends with its head: its body gets
///   [`AuthError::ResponsePublic`](crate::AuthError::ResponsePublic);
/// - answer a request that may change something, and say nothing about caching.
///
/// Everything else is left as it is, and so are static pages ([`LogtoLayer::with_static_pages`]).
///
/// Every response gets `X-Content-Type-Options`, `Referrer-Policy` and, with https,
/// `Strict-Transport-Security`; documents (HTML, XML and SVG) also get `Content-Security-Policy`. A
/// header that the response has already stands: to change one for a page, set it.
#[derive(Clone, Debug)]
pub struct LogtoLayer {
    options: LayerOptions,
}

impl Logto {
    /// The layer that gives every request an [`AuthSession`](crate::AuthSession). Add it after all
    /// routes.
    #[must_use]
    pub fn layer(&self) -> LogtoLayer {
        LogtoLayer {
            options: LayerOptions {
                logto: self.clone(),
                functions: None,
                static_pages: None,
            },
        }
    }
}

impl LogtoLayer {
    /// Tells the layer the app's server functions: other sites may not call those by GET either,
    /// unless [`ServerFunctions::allow_get`] opens them, and the bodies of the others are limited
    /// (413).
    #[must_use]
    pub fn with_server_functions(mut self, functions: ServerFunctions) -> Self {
        self.options.functions = Some(Arc::new(functions));
        self
    }

    /// Tells the layer which routes are rendered once for all users (Leptos's `SsrMode::Static`),
    /// as axum writes them (`/posts/{slug}`). Their policy allows the inline scripts that were
    /// rendered with them, by their hashes, because a file cannot have a new nonce each time;
    /// without this their scripts do not run. Caching of them is left to the app.
    ///
    /// With Leptos use `logto_leptos::static_pages`, which finds them in the list of routes.
    #[must_use]
    pub fn with_static_pages(mut self, routes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options.static_pages = Some(Arc::new(StaticPages::new(routes)));
        self
    }
}

impl<S> Layer<S> for LogtoLayer {
    type Service = LogtoService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        LogtoService::new(self.options.clone(), inner)
    }
}
