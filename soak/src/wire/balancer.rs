//! The proxy in front of the instances.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// The answer while no instance accepts connections.
const BAD_GATEWAY: &[u8] = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Gives each connection to the next instance that accepts it. It stops when it is dropped.
pub(crate) struct Balancer {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Balancer {
    pub(crate) async fn start(instances: Vec<SocketAddr>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(accept(listener, instances.into()));
        Ok(Self { address, task })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, instances: Arc<[SocketAddr]>) {
    let next = Arc::new(AtomicUsize::new(0));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((client, _)) = listener.accept() => {
                connections.spawn(forward(client, Arc::clone(&instances), next.fetch_add(1, Ordering::Relaxed)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn forward(mut client: TcpStream, instances: Arc<[SocketAddr]>, first: usize) {
    let _ = client.set_nodelay(true);
    for attempt in 0..instances.len() {
        let instance = instances[(first + attempt) % instances.len()];
        let Ok(mut upstream) = TcpStream::connect(instance).await else {
            continue;
        };
        let _ = upstream.set_nodelay(true);
        let _ = copy_bidirectional(&mut client, &mut upstream).await;
        return;
    }
    let _ = client.write_all(BAD_GATEWAY).await;
    let _ = client.shutdown().await;
}
