//! A proxy between two programs, with trouble on command.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep, sleep_until},
};

use super::trouble::Trouble;

/// The longest piece of data that is forwarded at once, and how many of them wait.
const PIECE: usize = 16 * 1024;
const QUEUE: usize = 64;

/// Forwards TCP connections to one server. It stops when it is dropped.
pub(crate) struct FaultProxy {
    address: SocketAddr,
    trouble: Arc<watch::Sender<Trouble>>,
    task: JoinHandle<()>,
}

impl FaultProxy {
    pub(crate) async fn start(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let trouble = Arc::new(watch::Sender::new(Trouble::None));
        let task = tokio::spawn(accept(listener, server, Arc::clone(&trouble)));
        Ok(Self { address, trouble, task })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn set(&self, trouble: Trouble) {
        self.trouble.send_replace(trouble);
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, trouble: Arc<watch::Sender<Trouble>>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((client, _)) => {
                    connections.spawn(forward(client, server, trouble.subscribe()));
                }
                // No file descriptor is left, for example.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn forward(mut client: TcpStream, server: SocketAddr, mut trouble: watch::Receiver<Trouble>) {
    let upstream = async {
        if *trouble.borrow() == Trouble::Reset {
            return None;
        }
        TcpStream::connect(server).await.ok()
    };
    let Some(mut upstream) = upstream.await else {
        let _ = client.set_zero_linger();
        return;
    };
    let _ = (client.set_nodelay(true), upstream.set_nodelay(true));
    let is_reset = {
        let (client_read, client_write) = client.split();
        let (server_read, server_write) = upstream.split();
        let there = copy(client_read, server_write, trouble.clone());
        let back = copy(server_read, client_write, trouble.clone());
        // The end of one direction ends both, as the death of a process does.
        tokio::select! {
            () = there => false,
            () = back => false,
            _ = trouble.wait_for(|trouble| *trouble == Trouble::Reset) => true,
        }
    };
    if is_reset {
        let _ = (client.set_zero_linger(), upstream.set_zero_linger());
    }
}

/// Forwards one direction until its end. Delayed data waits in a queue, so that a delay does not
/// limit the bandwidth.
async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut trouble: watch::Receiver<Trouble>,
) {
    let (sender, mut queue) = mpsc::channel(QUEUE);
    let state = trouble.clone();
    let read = async move {
        let mut is_forgotten = false;
        loop {
            let mut piece = vec![0; PIECE];
            match from.read(&mut piece).await {
                Ok(length) if length > 0 => piece.truncate(length),
                _ => return,
            }
            let delay = match *state.borrow() {
                Trouble::Delay(time) => time,
                _ => Duration::ZERO,
            };
            is_forgotten |= *state.borrow() == Trouble::HalfOpen;
            if !is_forgotten && sender.send((Instant::now() + delay, piece)).await.is_err() {
                return;
            }
        }
    };
    let write = async move {
        while let Some((due, piece)) = queue.recv().await {
            sleep_until(due).await;
            let _ = trouble.wait_for(|trouble| *trouble != Trouble::Stall).await;
            if to.write_all(&piece).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(read, write);
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::time::timeout;

    use super::*;

    const SOON: Duration = Duration::from_millis(200);

    /// A proxy before a server that returns all data.
    async fn proxy() -> FaultProxy {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                tokio::spawn(async move {
                    let (mut read, mut write) = stream.split();
                    let _ = tokio::io::copy(&mut read, &mut write).await;
                });
            }
        });
        FaultProxy::start(address).await.unwrap()
    }

    async fn echo(stream: &mut TcpStream) -> io::Result<u8> {
        stream.write_all(&[7]).await?;
        stream.read_u8().await
    }

    #[tokio::test]
    async fn data_is_forwarded_both_ways_without_trouble() {
        let proxy = proxy().await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(echo(&mut stream).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn open_and_new_connections_are_reset() {
        let proxy = proxy().await;
        let mut open = TcpStream::connect(proxy.address()).await.unwrap();
        echo(&mut open).await.unwrap();
        proxy.set(Trouble::Reset);
        assert_eq!(open.read_u8().await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
        let mut new = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(echo(&mut new).await.is_err());
        proxy.set(Trouble::None);
        let mut later = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(echo(&mut later).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_half_open_connection_gets_no_answer_even_after_the_trouble() {
        let proxy = proxy().await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        echo(&mut stream).await.unwrap();
        proxy.set(Trouble::HalfOpen);
        assert!(timeout(SOON, echo(&mut stream)).await.is_err());
        proxy.set(Trouble::None);
        assert!(timeout(SOON, echo(&mut stream)).await.is_err());
    }

    #[tokio::test]
    async fn delayed_data_arrives_later_and_in_order() {
        let proxy = proxy().await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        echo(&mut stream).await.unwrap();
        proxy.set(Trouble::Delay(SOON / 4));
        let start = Instant::now();
        stream.write_all(&[1]).await.unwrap();
        stream.write_all(&[2]).await.unwrap();
        assert_eq!(stream.read_u16().await.unwrap(), 0x0102);
        assert!(start.elapsed() >= SOON / 2, "once in each direction");
    }

    #[tokio::test]
    async fn a_stalled_connection_continues_without_loss() {
        let proxy = proxy().await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        echo(&mut stream).await.unwrap();
        proxy.set(Trouble::Stall);
        assert!(timeout(SOON, echo(&mut stream)).await.is_err());
        proxy.set(Trouble::None);
        assert_eq!(stream.read_u8().await.unwrap(), 7);
    }
}
