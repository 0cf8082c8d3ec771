//! Several tenants in one app: each request has its own configuration.

use std::{
    fmt, mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, Request, StatusCode, Uri, header, request::Parts};
use tower::{Layer, Service, ServiceExt as _};

use crate::{
    guard::server_functions::ServerFunctions,
    headers::static_pages::StaticPages,
    logto::Logto,
    service::{LayerOptions, LogtoService},
    session::AuthSession,
};

/// The tenants of an app, each with its own [`Logto`]: its application at Logto, its client, its
/// cookies and its caches.
///
/// The layer finds the tenant of a request, adds its session, and serves its protocol routes, so an
/// app with tenants does not merge [`Logto::routes`]. Handlers get the tenant from
/// [`AuthSession::logto`].
///
/// ```
/// use axum::{Router, routing::get};
/// use logto_axum::{AuthSession, Logto, LogtoConfig, SetUpError, Tenants, WebConfig};
///
/// fn tenant(name: &str, app_id: &str, secret: &str) -> Result<Logto, SetUpError> {
///     Logto::new(
///         LogtoConfig::new("https://tenant.logto.app", app_id, "app-secret"),
///         WebConfig::new(format!("https://{name}.example.com"), [secret.into()]),
///     )
/// }
///
/// # fn main() -> Result<(), SetUpError> {
/// let acme = tenant("acme", "app-1", "the secret of acme, thirty-two bytes")?;
/// let globex = tenant("globex", "app-2", "the secret of globex, thirty-two bytes")?;
/// let tenants = Tenants::of([acme, globex]);
/// let app: Router = Router::new()
///     .route("/", get(async |session: AuthSession| session.redirect_uri()))
///     .layer(tenants.layer());
/// # Ok(()) }
/// ```
///
/// # Isolation of tenants
///
/// A session is valid for its own tenant only, even if tenants share a host and a cookie secret:
/// every seal is bound to the issuer and the application at Logto. Two tenants that share an
/// application at Logto also share its sessions, unless they have different cookie secrets. Tenants
/// below different paths of one host have different base URLs, so browsers separate their cookies
/// by path.
///
/// Give each tenant its own session store, or its own prefix in one: a store finds the sessions of a
/// user by their id, and ids are unique only within one Logto tenant.
///
/// A client can choose the tenant of its request, for example by `Host`. The tenant only selects
/// the configuration that verifies the request.
#[derive(Clone)]
pub struct Tenants {
    resolver: Resolver,
}

impl Tenants {
    /// Creates tenants that are found by their base URLs: the tenant of a request has its host, and
    /// the longest path that the request begins with.
    ///
    /// A proxy that strips the path of a base URL needs [`Tenants::new`].
    #[must_use]
    pub fn of(tenants: impl IntoIterator<Item = Logto>) -> Self {
        Self {
            resolver: Resolver::BaseUrls(tenants.into_iter().collect()),
        }
    }

    /// Creates tenants from a function that returns the tenant of a request, or `None` if there is
    /// none. The function runs for every request, so keep the [`Logto`] of each tenant: it is cheap
    /// to clone.
    ///
    /// ```
    /// # use logto_axum::{Logto, Tenants};
    /// # use std::collections::HashMap;
    /// fn by_first_segment(tenants: HashMap<String, Logto>) -> Tenants {
    ///     Tenants::new(move |request| {
    ///         let name = request.uri.path().split('/').nth(1)?;
    ///         tenants.get(name).cloned()
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn new(resolve: impl Fn(&Parts) -> Option<Logto> + Send + Sync + 'static) -> Self {
        Self {
            resolver: Resolver::Function(Arc::new(resolve)),
        }
    }

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

impl fmt::Debug for Tenants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenants").finish_non_exhaustive()
    }
}

type ResolveFn = dyn Fn(&Parts) -> Option<Logto> + Send + Sync;

/// How the tenant of a request is found.
#[derive(Clone)]
enum Resolver {
    Function(Arc<ResolveFn>),
    BaseUrls(Arc<[Logto]>),
}

impl Resolver {
    fn resolve(&self, request: Request<Body>) -> (Option<Logto>, Request<Body>) {
        match self {
            Self::Function(resolve) => {
                let (parts, body) = request.into_parts();
                (resolve(&parts), Request::from_parts(parts, body))
            }
            Self::BaseUrls(tenants) => (by_base_url(tenants, &request), request),
        }
    }
}

fn by_base_url(tenants: &[Logto], request: &Request<Body>) -> Option<Logto> {
    let path = request.uri().path();
    let matching = tenants.iter().filter_map(|logto| {
        let address = &logto.shared.sites.named(request)?.address;
        address.contains(path).then(|| (address.cookie_path().len(), logto))
    });
    let (_, logto) = matching.max_by_key(|(length, _)| *length)?;
    Some(logto.clone())
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

    /// Starts [`Logto::watch_set_up`] for each tenant with its first request.
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
