//! An HTTP/1.1 server that can close or reset a connection instead of responding.

use std::{
    error::Error,
    fmt,
    future::poll_fn,
    sync::{Arc, OnceLock},
};

use axum::{Router, body::Body, extract::Request};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tower::ServiceExt as _;

use crate::faults::Disconnect;

/// Accepts connections until the task is aborted, which also closes the connections.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                connections.spawn(serve_one(stream, router.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve_one(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let disconnect = Arc::new(OnceLock::new());
    let requested = Arc::clone(&disconnect);
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let (router, requested) = (router.clone(), Arc::clone(&requested));
        // Boxed, because `poll_without_shutdown` requires an `Unpin` future.
        Box::pin(async move {
            let request: Request = request.map(Body::new);
            let Ok(response) = router.oneshot(request).await;
            match response.extensions().get::<Disconnect>() {
                None => Ok(response),
                Some(how) => {
                    let _ = requested.set(*how);
                    Err(Disconnected)
                }
            }
        })
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // Without hyper's shutdown, because a reset needs the open socket.
    let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let stream = connection.into_parts().io.into_inner();
    if disconnect.get() == Some(&Disconnect::Reset) {
        let _ = stream.set_zero_linger();
    }
}

/// The service error on which hyper closes the connection without a response.
#[derive(Debug)]
struct Disconnected;

impl fmt::Display for Disconnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault closes the connection")
    }
}

impl Error for Disconnected {}
