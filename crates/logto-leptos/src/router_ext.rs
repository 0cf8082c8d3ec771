//! Adds sign-in to a router.

use axum::Router;
use logto_axum::{Logto, LogtoLayer, TenantLayer, Tenants};

use crate::server_functions;

/// Adds sign-in to an axum router.
pub trait RouterExt: Sized {
    /// Adds the sign-in routes, the session layer and the self-check.
    ///
    /// Call it after all routes and the fallback, because a layer applies only to the routes that
    /// were added before it. It replaces
    ///
    /// - [`Logto::routes`]: sign-in, callback, sign-out and back-channel logout;
    /// - [`Logto::layer`] with [`server_functions`], so that cross-site calls are rejected;
    /// - [`LogtoLayer::with_set_up_watch`], which logs what is not registered at Logto.
    ///
    /// ```
    /// # use axum::Router;
    /// # use leptos::prelude::*;
    /// # use leptos_axum::{LeptosRoutes, file_and_error_handler, generate_route_list};
    /// # use logto_leptos::Logto;
    /// use logto_leptos::RouterExt as _;
    ///
    /// # #[component] fn App() -> impl IntoView {}
    /// # fn shell(_: LeptosOptions) -> impl IntoView {}
    /// # fn router(leptos_options: LeptosOptions, logto: &Logto) -> Router {
    /// # let for_shell = leptos_options.clone();
    /// Router::new()
    ///     .leptos_routes(&leptos_options, generate_route_list(App), move || shell(for_shell.clone()))
    ///     .fallback(file_and_error_handler(shell))
    ///     .with_logto(logto)
    ///     .with_state(leptos_options)
    /// # }
    /// ```
    /// With [`Tenants`], each request has the sign-in of its tenant:
    ///
    /// ```
    /// # use axum::Router;
    /// # use logto_leptos::{Logto, RouterExt as _, Tenants};
    /// # fn router(router: Router, acme: Logto, globex: Logto) -> Router {
    /// router.with_logto(&Tenants::of([acme, globex]))
    /// # }
    /// ```
    #[must_use]
    fn with_logto(self, logto: &impl LogtoOrTenants) -> Self {
        self.with_logto_options(logto, |layer| layer)
    }

    /// Like [`RouterExt::with_logto`], with further options of the layer: a [`LogtoLayer`], or a
    /// [`TenantLayer`] for [`Tenants`].
    ///
    /// ```
    /// # use axum::Router;
    /// # use leptos::{prelude::*, server_fn::{ServerFn as _, codec::GetUrl}};
    /// # use leptos_axum::AxumRouteListing;
    /// # use logto_leptos::{Logto, RouterExt as _};
    /// use logto_leptos::{server_functions, static_pages};
    ///
    /// #[server(prefix = "/api", endpoint = "search", input = GetUrl)]
    /// async fn search(words: String) -> Result<Vec<String>, ServerFnError> {
    ///     Ok(vec![words])
    /// }
    ///
    /// # fn router(router: Router<LeptosOptions>, routes: &[AxumRouteListing], logto: &Logto) -> Router<LeptosOptions> {
    /// router.with_logto_options(logto, |layer| {
    ///     layer
    ///         .with_server_functions(server_functions().allow_get(Search::PATH)) // other sites link to it
    ///         .with_static_pages(static_pages(routes))
    /// })
    /// # }
    /// ```
    #[must_use]
    fn with_logto_options<L: LogtoOrTenants>(self, logto: &L, options: impl FnOnce(L::Layer) -> L::Layer) -> Self;
}

impl<S: Clone + Send + Sync + 'static> RouterExt for Router<S> {
    fn with_logto_options<L: LogtoOrTenants>(self, logto: &L, options: impl FnOnce(L::Layer) -> L::Layer) -> Self {
        logto.add_to(self, options)
    }
}

/// The sign-in of an app: a [`Logto`], or the [`Tenants`] of an app with several.
pub trait LogtoOrTenants: sealed::Sealed {
    /// The layer that adds a session to every request.
    type Layer;

    /// Adds the layer, and what it needs, to a router.
    #[doc(hidden)]
    fn add_to<S>(&self, router: Router<S>, options: impl FnOnce(Self::Layer) -> Self::Layer) -> Router<S>
    where
        S: Clone + Send + Sync + 'static;
}

impl LogtoOrTenants for Logto {
    type Layer = LogtoLayer;

    fn add_to<S>(&self, router: Router<S>, options: impl FnOnce(LogtoLayer) -> LogtoLayer) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        let layer = self
            .layer()
            .with_server_functions(server_functions())
            .with_set_up_watch();
        router.merge(self.routes()).layer(options(layer))
    }
}

impl LogtoOrTenants for Tenants {
    type Layer = TenantLayer;

    /// The layer serves the routes: their paths depend on the tenant.
    fn add_to<S>(&self, router: Router<S>, options: impl FnOnce(TenantLayer) -> TenantLayer) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        let layer = self
            .layer()
            .with_server_functions(server_functions())
            .with_set_up_watch();
        router.layer(options(layer))
    }
}

mod sealed {
    /// Only `Logto` and `Tenants` implement the trait.
    pub trait Sealed {}

    impl Sealed for super::Logto {}
    impl Sealed for super::Tenants {}
}
