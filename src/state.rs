//! State that handlers, pages and server functions share.

use std::{ops::Deref, sync::Arc, time::Duration};

use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use logto_leptos::Logto;

use crate::server::{products::Products, settings::Settings, stylesheet::Stylesheet};

/// The shared state. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Shared>);

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// The parts of the state.
#[derive(Debug)]
pub struct Shared {
    /// The settings.
    pub settings: Settings,
    /// Sign-in.
    pub logto: Logto,
    /// The options of the shell and of static files.
    pub leptos: LeptosOptions,
    stylesheet: Stylesheet,
    /// Calls the demo API and reuses connections.
    http: reqwest::Client,
    /// The data of the demo API.
    pub(crate) products: Products,
}

impl AppState {
    /// Creates the state.
    ///
    /// # Errors
    ///
    /// If the HTTP client cannot be created.
    pub fn new(settings: Settings, logto: Logto) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(5))
            .no_proxy()
            // The demo API runs in this process, without TLS: no certificates are needed.
            .tls_certs_only([])
            .build()?;
        let leptos = settings.leptos.clone();
        Ok(Self(Arc::new(Shared {
            settings,
            logto,
            stylesheet: Stylesheet::new(&leptos),
            leptos,
            http,
            products: Products::default(),
        })))
    }

    /// Returns the demo API of this app, as its own pages call it.
    pub(crate) fn api(&self) -> Api {
        Api {
            client: self.http.clone(),
            address: format!("http://{}/api", self.leptos.site_addr),
            resource: self.settings.products_resource.clone().unwrap_or_default(),
        }
    }

    /// Returns the path of the stylesheet.
    pub(crate) fn stylesheet(&self) -> Arc<str> {
        self.stylesheet.path(&self.leptos)
    }
}

/// An API: how to call it, and what it is at Logto.
pub(crate) struct Api {
    pub(crate) client: reqwest::Client,
    /// The address that this process listens on: the API is part of the app, so no public name is
    /// needed.
    pub(crate) address: String,
    /// The resource indicator. Empty if none is configured.
    pub(crate) resource: String,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

impl FromRef<AppState> for Logto {
    fn from_ref(state: &AppState) -> Self {
        state.logto.clone()
    }
}
