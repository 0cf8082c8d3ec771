//! The connection to Redis. It is opened on first use, replaced when it fails, and every query has
//! a timeout.

use std::{
    future::Future,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, IntoConnectionInfo as _, RedisError, RedisResult,
    aio::MultiplexedConnection, io::tcp::TcpSettings,
};
use rustls::pki_types::ServerName;
use tokio::{net::TcpStream, sync::OnceCell};
use tokio_rustls::TlsConnector;

use crate::{
    session::store::{StoreAddressError, StoreError},
    tls::{TrustedCertificates, client_config},
};

/// The name of this store in errors.
const NAME: &str = "redis";

/// Timeout of a query, including the connection, so that a page can soon say "temporarily
/// unavailable".
const TIMEOUT: Duration = Duration::from_secs(5);

/// The connection that all requests share.
pub(super) struct Connection {
    client: Client,
    tls: Option<Tls>,
    /// Replaced when it fails.
    current: Mutex<Arc<LazyConnection>>,
}

/// Opened by the first query. A failed attempt is not cached.
type LazyConnection = OnceCell<MultiplexedConnection>;

/// Our own TLS, because the library's uses the crypto provider of the process.
struct Tls {
    connector: TlsConnector,
    host: String,
    port: u16,
    name: ServerName<'static>,
}

impl Connection {
    pub(super) fn new(address: &str, trusted: &TrustedCertificates) -> Result<Self, StoreAddressError> {
        let invalid = |_| StoreAddressError::Invalid(NAME);
        let (scheme, rest) = address.split_once("://").ok_or(StoreAddressError::Invalid(NAME))?;
        let encrypted = scheme.eq_ignore_ascii_case("rediss");
        let plain = if encrypted { &format!("redis://{rest}") } else { address };
        // Many small requests share the connection. Without this option, each would wait for the
        // acknowledgement of the previous one.
        let settings = TcpSettings::default().set_nodelay(true);
        let info = plain
            .into_connection_info()
            .map_err(invalid)?
            .set_tcp_settings(settings);
        let tls = match info.addr() {
            // The library accepts the fragment `#insecure`, which disables the certificate check.
            _ if encrypted && rest.contains('#') => return Err(StoreAddressError::Invalid(NAME)),
            ConnectionAddr::Tcp(host, port) if encrypted => Some(Tls::new(host, *port, trusted)?),
            _ => None,
        };
        Ok(Self {
            client: Client::open(info).map_err(invalid)?,
            tls,
            current: Mutex::default(),
        })
    }

    /// Runs a query, and retries it once on a new connection if the current one is broken, because
    /// Redis may have been restarted since the last query. The query has to be idempotent.
    pub(super) async fn query<T, F>(&self, query: impl Fn(MultiplexedConnection) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let mut connection = self.current();
        let answer = tokio::time::timeout(TIMEOUT, async {
            let first = self.query_once(&connection, &query).await;
            if first.as_ref().err().is_none_or(|error| !error.is_io_error()) {
                return first;
            }
            self.discard(&connection);
            connection = self.current();
            self.query_once(&connection, &query).await
        });
        let error = match answer.await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => Some(error),
            Err(_) => None,
        };
        self.discard(&connection);
        let kind = error.as_ref().map(RedisError::kind);
        let code = error.as_ref().map_or(Some("timeout"), RedisError::code);
        tracing::warn!(?kind, code, "a query of the session store failed");
        if error.as_ref().is_none_or(is_transient) {
            Err(StoreError::Unavailable(NAME))
        } else {
            Err(StoreError::Unexpected(NAME))
        }
    }

    async fn query_once<T, F>(
        &self,
        connection: &LazyConnection,
        query: impl Fn(MultiplexedConnection) -> F,
    ) -> RedisResult<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let connection = connection.get_or_try_init(|| self.connect()).await?;
        query(connection.clone()).await
    }

    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(None);
        let Some(tls) = &self.tls else {
            return self.client.get_multiplexed_async_connection_with_config(&config).await;
        };
        let settings = self.client.get_connection_info().redis_settings();
        let stream = tls.connect().await?;
        let (connection, driver) = MultiplexedConnection::new_with_config(settings, stream, config).await?;
        tokio::spawn(driver);
        Ok(connection)
    }

    fn current(&self) -> Arc<LazyConnection> {
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the connection, unless another query that failed with it has done so.
    fn discard(&self, failed: &Arc<LazyConnection>) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&current, failed) {
            *current = Arc::default();
        }
    }
}

impl Tls {
    fn new(host: &str, port: u16, trusted: &TrustedCertificates) -> Result<Self, StoreAddressError> {
        let config = client_config(trusted).map_err(|_| StoreAddressError::NoCertificates)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host.clone()).map_err(|_| StoreAddressError::Invalid(NAME))?;
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            host,
            port,
            name,
        })
    }

    async fn connect(&self) -> io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        stream.set_nodelay(true)?;
        self.connector.connect(self.name.clone(), stream).await
    }
}

/// Whether the error is transient: there is no connection, or the server is starting, failing over
/// or out of memory.
///
/// For an error in a script, Redis before version 7 has the code only within the text.
fn is_transient(error: &RedisError) -> bool {
    const CODES: [&str; 9] = [
        "BUSY",
        "CLUSTERDOWN",
        "LOADING",
        "MASTERDOWN",
        "MISCONF",
        "NOREPLICAS",
        "OOM",
        "READONLY",
        "TRYAGAIN",
    ];
    let named = |code: &&str| {
        error.code() == Some(code)
            || error
                .detail()
                .is_some_and(|detail| detail.contains(&format!("-{code} ")))
    };
    error.is_io_error() || CODES.iter().any(named)
}

#[cfg(test)]
mod tests {
    use redis::{ErrorKind, ServerErrorKind, make_extension_error};

    use super::*;

    #[test]
    fn errors_of_a_server_that_starts_or_fails_over_are_transient() {
        let loading = RedisError::from((ErrorKind::Server(ServerErrorKind::BusyLoading), "loading"));
        let full = make_extension_error("OOM".to_owned(), None);
        let in_a_script = make_extension_error(
            "ERR".to_owned(),
            Some("Error running script: -READONLY You can't write against a read only replica.".to_owned()),
        );
        let refused = RedisError::from(io::Error::from(io::ErrorKind::ConnectionRefused));
        for error in [loading, full, in_a_script, refused] {
            assert!(is_transient(&error), "{error:?}");
        }
    }

    #[test]
    fn errors_of_the_set_up_are_not_transient() {
        let wrong_password = make_extension_error("WRONGPASS".to_owned(), Some("invalid password".to_owned()));
        let wrong_type = make_extension_error("WRONGTYPE".to_owned(), Some("OOM is part of the text".to_owned()));
        for error in [wrong_password, wrong_type] {
            assert!(!is_transient(&error), "{error:?}");
        }
    }
}
