//! A provider without a server.

use std::sync::Arc;

use axum::Router;

use super::{builder::TestProviderBuilder, provider::TestProvider};

impl TestProviderBuilder {
    /// Creates a provider at `endpoint` (scheme, host and port) that listens at no address: only
    /// [`TestProvider::router`] and the provider's own methods reach it. The first user is signed
    /// in.
    ///
    /// Unlike [`start`](Self::start) it has no users, organizations, resources or URIs but those of
    /// the builder.
    pub fn in_memory(self, endpoint: &str) -> TestProvider {
        let (config, users, clock) = self.into_parts();
        TestProvider::new(config, endpoint.to_owned(), users, clock)
    }
}

impl TestProvider {
    /// The provider's routes, for requests without a connection.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Scheme, host and port that browsers use: the beginning of authorization URLs.
    pub fn public_endpoint(&self) -> &str {
        Arc::as_ref(&self.provider).public_endpoint()
    }
}
