//! A server behind an address that can fall silent, as one does when its machine is gone or another
//! takes its place.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};
use url::Url;

/// Passes connections on to a server.
pub(crate) struct Proxy {
    port: u16,
    silence: watch::Sender<bool>,
    connections: Arc<AtomicUsize>,
}

impl Proxy {
    pub(crate) async fn to(address: &str) -> Self {
        let url = Url::parse(address).unwrap();
        let default = if url.scheme() == "redis" { 6379 } else { 5432 };
        let server = (url.host_str().unwrap().to_owned(), url.port().unwrap_or(default));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (silence, heard) = watch::channel(false);
        let connections = Arc::<AtomicUsize>::default();
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (server, mut heard) = (server.clone(), heard.clone());
                let silent = *heard.borrow_and_update();
                tokio::spawn(async move {
                    if silent {
                        std::future::pending::<()>().await;
                    }
                    let mut server = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        // From that moment on nothing passes.
                        biased;
                        Ok(()) = heard.changed() => std::future::pending().await,
                        _ = copy_bidirectional(&mut client, &mut server) => {}
                    }
                });
            }
        });
        Self {
            port,
            silence,
            connections,
        }
    }

    /// The connection string of the server by way of this proxy.
    pub(crate) fn address(&self, address: &str) -> String {
        let mut url = Url::parse(address).unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(self.port)).unwrap();
        url.into()
    }

    /// All connections, those there are and new ones, stay open and pass nothing on.
    pub(crate) fn fall_silent(&self) {
        self.silence.send_replace(true);
    }

    /// New connections work again; those that were silent stay so.
    pub(crate) fn speak(&self) {
        self.silence.send_replace(false);
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}
