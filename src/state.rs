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
    pub(crate) http: reqwest::Client,
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

    /// Returns the path of the stylesheet.
    pub(crate) fn stylesheet(&self) -> Arc<str> {
        self.stylesheet.path(&self.leptos)
    }
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
