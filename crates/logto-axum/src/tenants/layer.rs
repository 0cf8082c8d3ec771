//! The layer of an app with several tenants.

use std::{
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, Request, StatusCode, Uri, header};
use tower::{Layer, Service, ServiceExt as _};

use super::Tenants;
use crate::{
    guard::server_functions::ServerFunctions,
    headers::static_pages::StaticPages,
    logto::Logto,
    service::{LayerOptions, LogtoService},
    session::AuthSession,
};

impl Tenants {
    /// Returns the layer that adds the session of the tenant to every request, and serves the
    /// tenant's protocol routes. Add it after all routes and the fallback.
    ///
    /// A request without a tenant gets 404 and does not reach the app, because handlers would have
    /// no session, and no guard. For pages without a tenant, such as a landing page, add
    /// the routes after the layer, or let the resolver return a default tenant.
    #[must_use]
    pub fn layer(&self) -> TenantLayer {
        TenantLayer {
            tenants: self.clone(),
            functions: None,
            static_pages: None,
            watches_set_up: false,
        }
    }
}

/// The layer of an app with several tenants, see [`Tenants::layer`]. For each request it does what
/// [`LogtoLayer`](crate::LogtoLayer) does.
#[derive(Clone, Debug)]
pub struct TenantLayer {
    tenants: Tenants,
    functions: Option<Arc<ServerFunctions>>,
    static_pages: Option<Arc<StaticPages>>,
    watches_set_up: bool,
}

impl TenantLayer {
    /// Sets the server functions of the app, see
    /// [`LogtoLayer::with_server_functions`](crate::LogtoLayer::with_server_functions).
    #[must_use]
    pub fn with_server_functions(mut self, functions: ServerFunctions) -> Self {
        self.functions = Some(Arc::new(functions));
        self
    }

    /// Sets the routes that are rendered once for all users, see
    /// [`LogtoLayer::with_static_pages`](crate::LogtoLayer::with_static_pages).
    #[must_use]
    pub fn with_static_pages(mut self, routes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.static_pages = Some(Arc::new(StaticPages::new(routes)));
        self
    }

    /// Adds the self-check of each tenant: its first request starts [`Logto::watch_set_up`].
    #[must_use]
    pub fn with_set_up_watch(mut self) -> Self {
        self.watches_set_up = true;
        self
    }

    fn options_for(&self, logto: Logto) -> LayerOptions {
        let findings = &logto.shared.findings;
        findings.note_routes();
        if self.functions.is_some() {
            findings.note_functions();
        }
        LayerOptions {
            logto,
            functions: self.functions.clone(),
            static_pages: self.static_pages.clone(),
            watches_set_up: self.watches_set_up,
        }
    }
}

impl<S> Layer<S> for TenantLayer {
    type Service = TenantService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        TenantService {
            layer: self.clone(),
            inner,
        }
    }
}

/// The service that [`TenantLayer`] wraps around another.
#[derive(Clone, Debug)]
pub struct TenantService<S> {
    layer: TenantLayer,
    inner: S,
}

type BoxFuture<E> = Pin<Box<dyn Future<Output = Result<Response, E>> + Send>>;

impl<S> Service<Request<Body>> for TenantService<S>
where
    S: Service<Request<Body>, Response = Response> + Clone,
    S::Future: Send + 'static,
    S::Error: 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BoxFuture<S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let (tenant, request) = self.layer.tenants.resolver.resolve(request);
        let Some(logto) = tenant else {
            return Box::pin(async { Ok(not_found()) });
        };
        let options = self.layer.options_for(logto);
        // The service that is ready serves the request, and its clone the next one.
        let clone = self.inner.clone();
        let app = mem::replace(&mut self.inner, clone);
        let mut service = LogtoService::new(options, RoutesAndApp { app });
        Box::pin(service.call(request))
    }
}

fn not_found() -> Response {
    // Another host may have a tenant at the same path.
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (StatusCode::NOT_FOUND, no_store).into_response()
}

/// The protocol routes of a tenant, and the app for all other requests.
///
/// The paths are part of the tenant's configuration, so the app's router cannot know them.
struct RoutesAndApp<S> {
    app: S,
}

impl<S> Service<Request<Body>> for RoutesAndApp<S>
where
    S: Service<Request<Body>, Response = Response>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BoxFuture<S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.app.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let session = request.extensions().get::<AuthSession>();
        let route = session.and_then(|session| Some((session.logto().clone(), route_of(session, &request)?)));
        let Some((logto, uri)) = route else {
            return Box::pin(self.app.call(request));
        };
        *request.uri_mut() = uri;
        Box::pin(async move {
            let Ok(response) = logto.routes().oneshot(request).await;
            Ok(response)
        })
    }
}

/// The address of a protocol route below the tenant's base URL, or `None` for a request to the app.
fn route_of(session: &AuthSession, request: &Request<Body>) -> Option<Uri> {
    let uri = request.uri();
    let path = session.address().within(uri.path());
    let paths = session.shared().web.paths();
    if !paths.serve(request.method(), path) {
        return None;
    }
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    format!("{path}{query}").parse().ok()
}
