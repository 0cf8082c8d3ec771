//! The connection to Redis: opened when it is needed, given up when it does not answer, bounded in
//! time.

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

use super::NAME;
use crate::{
    session::store::{StoreAddressError, StoreError},
    tls::{TrustedCertificates, client_config},
};

/// Longest wait for an answer, connecting included: a page can say "temporarily unavailable" soon.
const PATIENCE: Duration = Duration::from_secs(5);

/// One connection that all requests share.
pub(super) struct Connection {
    client: Client,
    tls: Option<Tls>,
    /// Replaced when it fails.
    current: Mutex<Arc<Opened>>,
}

/// Opened by the first request that needs it; a failure is not remembered.
type Opened = OnceCell<MultiplexedConnection>;

/// The library's own TLS takes the crypto provider of the process.
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
        // Many small requests share the connection: none waits for the acknowledgement of the one
        // before it.
        let settings = TcpSettings::default().set_nodelay(true);
        let info = plain
            .into_connection_info()
            .map_err(invalid)?
            .set_tcp_settings(settings);
        let tls = match info.addr() {
            // In a fragment the library's addresses can say that no certificate is checked.
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

    /// Asks, and once more on a new connection if the present one turns out to be gone: Redis may
    /// have been restarted since it was last used. What is asked must be safe to ask twice.
    pub(super) async fn ask<T, F>(&self, question: impl Fn(MultiplexedConnection) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let mut connection = self.current();
        let answer = tokio::time::timeout(PATIENCE, async {
            let first = self.ask_once(&connection, &question).await;
            if first.as_ref().err().is_none_or(|error| !error.is_io_error()) {
                return first;
            }
            self.give_up(&connection);
            connection = self.current();
            self.ask_once(&connection, &question).await
        });
        let error = match answer.await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => Some(error),
            Err(_) => None,
        };
        self.give_up(&connection);
        let kind = error.as_ref().map(RedisError::kind);
        let code = error.as_ref().map_or(Some("timeout"), RedisError::code);
        tracing::warn!(?kind, code, "the session store did not answer as it should");
        if error.as_ref().is_none_or(is_passing) {
            Err(StoreError::Unavailable(NAME))
        } else {
            Err(StoreError::Unexpected(NAME))
        }
    }

    async fn ask_once<T, F>(&self, opened: &Opened, question: impl Fn(MultiplexedConnection) -> F) -> RedisResult<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let connection = opened.get_or_try_init(|| self.connect()).await?;
        question(connection.clone()).await
    }

    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
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

    fn current(&self) -> Arc<Opened> {
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The next question gets another connection. Of many that fail together the first does it.
    fn give_up(&self, failed: &Arc<Opened>) {
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

/// Whether it passes by itself: no connection, or a server that starts, fails over or has no room
/// just now. Before version 7 Redis names these only within the text of an error in a script.
fn is_passing(error: &RedisError) -> bool {
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
