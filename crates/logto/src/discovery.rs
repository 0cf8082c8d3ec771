//! Fetches the provider's metadata and keys, and caches both (OIDC Discovery §4, RFC 7517).

use std::sync::Arc;

use http::Request;

use crate::{
    client::LogtoClient,
    error::{DiscoveryError, RequestError},
    http::body_of_ok,
    jwks::Jwks,
    metadata::{ProviderMetadata, parse_metadata},
    telemetry::Endpoint,
};

impl LogtoClient {
    /// Returns the provider's metadata, from the cache while it is fresh.
    ///
    /// Concurrent calls share one request. Errors are not cached, and a stale document is used
    /// while the provider is unreachable.
    ///
    /// # Errors
    ///
    /// If there is no cached document and none can be fetched, or it contradicts the configuration.
    #[doc(alias = "fetchOidcConfig")]
    pub async fn metadata(&self) -> Result<Arc<ProviderMetadata>, DiscoveryError> {
        let client = self.clone();
        self.shared
            .metadata
            .get(self.now(), self.config().metadata_lifetime(), || async move {
                client.discover().await
            })
            .await
    }

    /// Asks the provider for its metadata, however young the cached document is: for checks of its
    /// health. The response replaces the cached document. Concurrent calls share one request; it is
    /// up to the caller to limit their rate.
    ///
    /// # Errors
    ///
    /// If the request fails, or the response contradicts the configuration.
    pub async fn check_provider(&self) -> Result<(), DiscoveryError> {
        let client = self.clone();
        let fetch = || async move { client.discover().await };
        self.shared.metadata.refetch(self.now(), fetch).await.map(drop)
    }

    /// The age of the cached metadata in seconds. `None` if they were never fetched.
    #[must_use]
    pub fn metadata_age(&self) -> Option<u64> {
        self.shared.metadata.age(self.now())
    }

    /// Fetches the metadata again, because a token uses an algorithm that is not in `known`. At
    /// most once per cooldown.
    pub(crate) async fn metadata_after_unknown_algorithm(
        &self,
        known: &Arc<ProviderMetadata>,
    ) -> Result<Arc<ProviderMetadata>, DiscoveryError> {
        let client = self.clone();
        self.shared
            .metadata
            .newer_than(known, self.now(), || async move { client.discover().await })
            .await
    }

    async fn discover(&self) -> Result<ProviderMetadata, DiscoveryError> {
        let config = self.config();
        let body = self.fetch(Endpoint::Discovery, &config.provider().discovery()).await?;
        parse_metadata(&body, config.issuer(), config.provider(), config.allow_http())
    }

    async fn fetch(&self, endpoint: Endpoint, address: &str) -> Result<Vec<u8>, RequestError> {
        let request = Request::get(address)
            .header("accept", "application/json")
            .body(Vec::new())
            .map_err(|_| RequestError::InvalidResponse("an address"))?;
        body_of_ok(self.send(endpoint, request).await?)
    }

    /// Returns the keys, cached like [`LogtoClient::metadata`].
    pub(crate) async fn jwks(&self) -> Result<Arc<Jwks>, DiscoveryError> {
        let client = self.clone();
        self.shared
            .jwks
            .get(self.now(), self.config().metadata_lifetime(), || async move {
                client.fetch_jwks().await
            })
            .await
    }

    /// Fetches the keys again, because a token names one that is not in `known`. At most once per
    /// cooldown.
    pub(crate) async fn jwks_after_unknown_key(&self, known: &Arc<Jwks>) -> Result<Arc<Jwks>, DiscoveryError> {
        let client = self.clone();
        self.shared
            .jwks
            .newer_than(known, self.now(), || async move { client.fetch_jwks().await })
            .await
    }

    async fn fetch_jwks(&self) -> Result<Jwks, DiscoveryError> {
        let metadata = self.metadata().await?;
        Ok(Jwks::parse(
            &self.fetch(Endpoint::Jwks, metadata.jwks_uri.as_str()).await?,
        )?)
    }
}
