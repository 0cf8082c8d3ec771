//! State that handlers, pages and server functions share.

use std::{ops::Deref, sync::Arc, time::Duration};

use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use logto_leptos::Logto;

use crate::{
    samples::api::Api,
    server::{settings::Settings, stylesheet::Stylesheet},
};

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
    /// The demo API.
    pub(crate) api: Api,
    stylesheet: Stylesheet,
}

impl AppState {
    /// Creates the state.
    ///
    /// # Errors
    ///
    /// If the HTTP client cannot be created.
    pub fn new(settings: Settings, logto: Logto) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(5))
            .no_proxy()
            // The demo API runs in this process, without TLS: no certificates are needed.
            .tls_certs_only([])
            .build()?;
        let leptos = settings.leptos.clone();
        let api = Api {
            logto: logto.clone(),
            client,
            // The address that this process listens on: the API needs no public name.
            address: format!("http://{}/api", leptos.site_addr),
            // Without a resource, no token is accepted.
            resource: settings.products_resource.clone().unwrap_or_default(),
            products: Arc::default(),
        };
        Ok(Self(Arc::new(Shared {
            settings,
            logto,
            api,
            stylesheet: Stylesheet::new(&leptos),
            leptos,
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
