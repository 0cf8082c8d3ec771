use std::sync::Arc;

use logto_leptos::{Logto, TokenTarget};

use crate::server::products::Products;

/// The API of this app. Its handlers have it as their state. Server functions, which call the API,
/// find it in their context: see `leptos_routes_with_context` in `src/server/mod.rs`.
#[derive(Clone, Debug)]
pub struct Api {
    /// Verifies the tokens.
    pub logto: Logto,
    /// Calls the API, and reuses connections.
    pub client: reqwest::Client,
    /// The address of the API.
    pub address: String,
    /// Its identifier in Logto: the audience of its tokens.
    pub resource: String,
    pub(crate) products: Arc<Products>,
}

impl Api {
    /// The access token that a call needs.
    pub fn token(&self) -> TokenTarget {
        TokenTarget::resource(&self.resource)
    }
}
