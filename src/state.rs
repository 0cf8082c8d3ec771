//! What handlers, pages and server functions share.

use std::{ops::Deref, sync::Arc, time::Duration};

use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use logto_leptos::Logto;

use crate::server::{products::Products, settings::Settings, stylesheet::Stylesheet};

/// Cheap to clone: every request has several.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Shared>);

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// What there is once.
#[derive(Debug)]
pub struct Shared {
    /// The settings, as read at start.
    pub settings: Settings,
    /// Sign-in.
    pub logto: Logto,
    /// For the page shell and static files.
    pub leptos: LeptosOptions,
    stylesheet: Stylesheet,
    /// Calls the protected API: made once, its connections are used again.
    pub(crate) http: reqwest::Client,
    /// The data of the demo API.
    pub(crate) products: Products,
}

impl AppState {
    /// The state for these settings.
    ///
    /// # Errors
    ///
    /// When no HTTP client can be made.
    pub fn new(settings: Settings, logto: Logto) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(5))
            .no_proxy()
            // It is in this process, and asked without TLS: certificates need not be kept for it.
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

    /// The address of the stylesheet.
    pub(crate) fn stylesheet(&self) -> Arc<str> {
        self.stylesheet.address(&self.leptos)
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
