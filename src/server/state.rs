//! What handlers, pages and server functions share.

use std::sync::{Arc, Mutex};

use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use logto_axum::Logto;

use super::settings::Settings;
use crate::products::Product;

/// Cheap to clone: one for every request.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The settings, as read at start.
    pub settings: Arc<Settings>,
    /// Sign-in.
    pub logto: Logto,
    /// For the page shell and static files.
    pub leptos: LeptosOptions,
    /// The protected API's data; lives as long as the process, as befits a demo.
    pub(crate) products: Arc<Mutex<Vec<Product>>>,
}

impl AppState {
    pub(crate) fn new(settings: Settings, logto: Logto) -> Self {
        let leptos = settings.leptos.clone();
        let product = |id, name: &str, price_cents| Product {
            id,
            name: name.to_owned(),
            price_cents,
        };
        let products = vec![
            product(1, "Tea", 450),
            product(2, "Teapot", 3_900),
            product(3, "Cup", 1_200),
        ];
        Self {
            settings: Arc::new(settings),
            logto,
            leptos,
            products: Arc::new(Mutex::new(products)),
        }
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
