//! Several tenants in one app: each request has its own configuration.

mod resolver;

use std::{
    error::Error,
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

use self::resolver::{Lookup, Resolver, Tenant};
use crate::{
    guard::server_functions::ServerFunctions,
    headers::static_pages::StaticPages,
    logto::Logto,
    pages::unavailable,
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
    /// none. [`Tenants::lookup`] takes a function that waits.
    ///
    /// The function runs for every request, so keep the [`Logto`] of each tenant: it is cheap to
    /// clone.
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

    /// Creates tenants from a function that waits for the tenant of a request, such as for a
    /// database. The future cannot borrow the request, so take from it first what names the tenant.
    ///
    /// The function runs for every request, so keep the [`Logto`] of each tenant: its caches and
    /// refreshes in flight belong to all clones. If it fails, the error is logged, and the request
    /// gets 503 and does not reach the app.
    ///
    /// ```
    /// # use std::io;
    /// # use logto_axum::{Logto, Tenants};
    /// # #[derive(Clone)] struct Database;
    /// # impl Database { async fn tenant(&self, _: &str) -> io::Result<Option<Logto>> { Ok(None) } }
    /// fn from_a_database(database: Database) -> Tenants {
    ///     Tenants::lookup(move |request| {
    ///         let name = request.uri.path().split('/').nth(1).unwrap_or_default().to_owned();
    ///         let database = database.clone();
    ///         async move { database.tenant(&name).await } // asks once for each tenant
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn lookup<F, E>(lookup: impl Fn(&Parts) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Option<Logto>, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let lookup = move |request: &Parts| -> Lookup {
            let found = lookup(request);
            Box::pin(async move { found.await.map_err(Into::into) })
        };
        Self {
            resolver: Resolver::Lookup(Arc::new(lookup)),
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
    S: Service<Request<Body>, Response = Response> + Clone + Send + 'static,
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
        // The service that is ready serves the request, and its clone the next one.
        let clone = self.inner.clone();
        let app = mem::replace(&mut self.inner, clone);
        let (tenant, request) = self.layer.tenants.resolver.resolve(request);
        let lookup = match tenant {
            Tenant::Known(tenant) => return self.layer.serve(tenant, app, request),
            Tenant::Lookup(lookup) => lookup,
        };
        let layer = self.layer.clone();
        Box::pin(async move {
            match lookup.await {
                Ok(tenant) => layer.serve(tenant, app, request).await,
                Err(error) => {
                    tracing::error!(
                        code = "tenant_unavailable",
                        error = %error,
                        "the tenant of a request could not be looked up"
                    );
                    let wait = [(header::RETRY_AFTER, unavailable::retry_after(None))];
                    Ok((wait, without_tenant(StatusCode::SERVICE_UNAVAILABLE)).into_response())
                }
            }
        })
    }
}

impl TenantLayer {
    /// Lets the tenant or the app handle the request.
    fn serve<S>(&self, tenant: Option<Logto>, app: S, request: Request<Body>) -> BoxFuture<S::Error>
    where
        S: Service<Request<Body>, Response = Response>,
        S::Future: Send + 'static,
        S::Error: 'static,
    {
        let Some(logto) = tenant else {
            return Box::pin(async { Ok(without_tenant(StatusCode::NOT_FOUND)) });
        };
        let mut service = LogtoService::new(self.options_for(logto), RoutesAndApp { app });
        Box::pin(service.call(request))
    }
}

fn without_tenant(status: StatusCode) -> Response {
    // Another host may have a tenant at the same path.
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, no_store).into_response()
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
