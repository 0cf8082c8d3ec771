//! The layer that adds a session to every request.

use std::sync::Arc;

use tower::Layer;

use crate::{
    guard::server_functions::ServerFunctions,
    headers::static_pages::StaticPages,
    logto::Logto,
    service::{LayerOptions, LogtoService},
};

/// Adds an [`AuthSession`](crate::AuthSession) to every request, and writes the session cookie if
/// the session has changed.
///
/// The cookie is opened when the session is first read, so static files do not pay for it. It is
/// written when the head of the response is ready. A token that is refreshed later, while the body
/// streams, is written with the next response.
///
/// Tokens that expire soon are refreshed before a page is rendered: after the inner service is
/// called, but before its future is first polled.
///
/// State-changing cross-site requests, WebSocket handshakes included, are rejected with 403, except
/// those to open paths ([`WebConfig::with_open_path`](crate::WebConfig::with_open_path)). A request
/// with neither `Sec-Fetch-Site` nor `Origin` is probably from a program; it passes unless it
/// carries a session cookie.
///
/// Responses become `private, no-store` and `Vary: Cookie`, whatever their headers said before, if
/// they
/// - have read the session, even if there is none, or set a cookie;
/// - could still read it while the body streams, or are HTML, unless they are `Cache-Control:
///   public`. The body of a `public` response cannot read the session: it gets
///   [`SessionError::ResponsePublic`](crate::SessionError::ResponsePublic);
/// - answer a request with an unsafe method, and have no `Cache-Control`.
///
/// Other responses are left as they are, and so are static pages
/// ([`LogtoLayer::with_static_pages`]).
///
/// Every response gets `X-Content-Type-Options` and `Referrer-Policy`. With
/// [`SecurityHeaders::strict`](crate::SecurityHeaders::strict), it gets `Strict-Transport-Security`
/// over https too, and documents (HTML, XML and SVG) get `Content-Security-Policy`. A response that
/// sets one of these headers itself keeps it.
#[derive(Clone, Debug)]
pub struct LogtoLayer {
    options: LayerOptions,
}

impl Logto {
    /// Returns the layer that adds an [`AuthSession`](crate::AuthSession) to every request.
    ///
    /// Add it after all routes and the fallback, because a layer applies only to the routes that
    /// were added before it.
    #[must_use]
    pub fn layer(&self) -> LogtoLayer {
        LogtoLayer {
            options: LayerOptions {
                logto: self.clone(),
                functions: None,
                static_pages: None,
                watches_set_up: false,
            },
        }
    }
}

impl LogtoLayer {
    /// Sets the server functions of the app. Cross-site calls by GET are rejected too, unless
    /// [`ServerFunctions::allow_get`] allows them, and the bodies of calls are limited (413).
    #[must_use]
    pub fn with_server_functions(mut self, functions: ServerFunctions) -> Self {
        self.options.functions = Some(Arc::new(functions));
        self.options.logto.shared.findings.note_functions();
        self
    }

    /// Adds the self-check: starts [`Logto::watch_set_up`] in the background, once for all clones
    /// of the [`Logto`]. Outside a tokio runtime, the first request starts it.
    #[must_use]
    pub fn with_set_up_watch(mut self) -> Self {
        self.options.watches_set_up = true;
        self.options.logto.start_set_up_watch();
        self
    }

    /// Sets the routes that are rendered once for all users (Leptos's `SsrMode::Static`), in axum's
    /// notation (`/posts/{slug}`).
    ///
    /// Their policy allows inline scripts by their hashes, because a file cannot have a new nonce
    /// in each response. A static page that is not listed runs no inline scripts. The app sets
    /// their `Cache-Control`.
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
