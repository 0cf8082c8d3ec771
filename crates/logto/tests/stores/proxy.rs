//! A proxy that can stop answering, as a server does whose machine has failed or was replaced.

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

/// Forwards connections to a server.
pub(crate) struct Proxy {
    port: u16,
    stopped: watch::Sender<bool>,
    disconnected: watch::Sender<()>,
    connections: Arc<AtomicUsize>,
}

impl Proxy {
    pub(crate) async fn to(address: &str) -> Self {
        let url = Url::parse(address).unwrap();
        let default = if url.scheme() == "redis" { 6379 } else { 5432 };
        let server = (url.host_str().unwrap().to_owned(), url.port().unwrap_or(default));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (stopped, is_stopped) = watch::channel(false);
        let (disconnected, is_disconnected) = watch::channel(());
        let connections = Arc::<AtomicUsize>::default();
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (server, mut is_stopped) = (server.clone(), is_stopped.clone());
                let never_forwards = *is_stopped.borrow_and_update();
                let mut is_disconnected = is_disconnected.clone();
                is_disconnected.mark_unchanged();
                tokio::spawn(async move {
                    if never_forwards {
                        std::future::pending::<()>().await;
                    }
                    let mut server = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        // From now on nothing is forwarded.
                        biased;
                        Ok(()) = is_stopped.changed() => std::future::pending().await,
                        Ok(()) = is_disconnected.changed() => {}
                        _ = copy_bidirectional(&mut client, &mut server) => {}
                    }
                });
            }
        });
        Self {
            port,
            stopped,
            disconnected,
            connections,
        }
    }

    /// The connection string of the server through this proxy.
    pub(crate) fn address(&self, address: &str) -> String {
        let mut url = Url::parse(address).unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(self.port)).unwrap();
        url.into()
    }

    /// Stops forwarding. Existing and new connections stay open.
    pub(crate) fn stop_forwarding(&self) {
        self.stopped.send_replace(true);
    }

    /// Forwards new connections again. Those from before stay unresponsive.
    pub(crate) fn forward(&self) {
        self.stopped.send_replace(false);
    }

    /// Closes all connections, as a server does that restarts.
    pub(crate) fn disconnect(&self) {
        self.disconnected.send_replace(());
    }

    /// The number of connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}
