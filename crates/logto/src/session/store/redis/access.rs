//! One connection to one server, with or without TLS.

use std::{io, sync::Arc};

use futures_util::future::BoxFuture;
use redis::{AsyncConnectionConfig, RedisConnectionInfo, RedisResult, aio::MultiplexedConnection};
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use super::address::Endpoint;
use crate::{
    session::store::StoreAddressError,
    tls::{TrustedCertificates, client_config},
};

/// The requirements of every server of one kind: credentials, database, TLS.
#[derive(Clone)]
pub(super) struct Access {
    settings: RedisConnectionInfo,
    /// Our own TLS, because the library's uses the crypto provider of the process.
    tls: Option<TlsConnector>,
}

/// TLS with these authorities, if the connection is encrypted.
pub(super) fn tls(encrypted: bool, trusted: &TrustedCertificates) -> Result<Option<TlsConnector>, StoreAddressError> {
    if !encrypted {
        return Ok(None);
    }
    let config = client_config(trusted).map_err(|_| StoreAddressError::NoCertificates)?;
    Ok(Some(TlsConnector::from(Arc::new(config))))
}

impl Access {
    pub(super) fn new(settings: RedisConnectionInfo, tls: Option<TlsConnector>) -> Self {
        Self {
            // A user with few rights may not name its client, and each attempt would be in the
            // server's log.
            settings: settings.set_skip_set_lib_name(),
            tls,
        }
    }

    /// The future is boxed, because a TLS handshake needs some 20 kB that other queries would carry.
    pub(super) fn connect<'a>(&'a self, server: &'a Endpoint) -> BoxFuture<'a, RedisResult<MultiplexedConnection>> {
        Box::pin(async move {
            let stream = TcpStream::connect((server.host.as_str(), server.port)).await?;
            // Many small requests share the connection. Without this option, each would wait for the
            // acknowledgement of the previous one.
            stream.set_nodelay(true)?;
            let Some(tls) = &self.tls else {
                return self.log_in(stream).await;
            };
            let name = ServerName::try_from(server.host.clone()).map_err(io::Error::other)?;
            self.log_in(tls.connect(name, stream).await?).await
        })
    }

    async fn log_in<S>(&self, stream: S) -> RedisResult<MultiplexedConnection>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        // The caller limits the time.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None);
        let (connection, driver) = MultiplexedConnection::new_with_config(&self.settings, stream, config).await?;
        tokio::spawn(driver);
        Ok(connection)
    }
}
