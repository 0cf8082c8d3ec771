//! Several tenants in one app: each request has its own configuration.

pub(crate) mod layer;
mod resolver;

use std::{error::Error, fmt, sync::Arc};

use http::request::Parts;

use self::resolver::{Lookup, Resolver};
use crate::logto::Logto;

/// The tenants of an app, each with its own [`Logto`]: its application at Logto, its client, its
/// cookies and its caches.
///
/// The layer finds the tenant of a request, adds its session, and serves its protocol routes, so an
/// app with tenants does not merge [`Logto::routes`]. Handlers get the tenant from
/// [`AuthSession::logto`](crate::AuthSession::logto).
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
/// Give each tenant its own session store, or its own prefix in one: a store finds the sessions of
/// a user by their id, and ids are unique only within one Logto tenant.
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
}

impl fmt::Debug for Tenants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenants").finish_non_exhaustive()
    }
}
