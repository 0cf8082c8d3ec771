//! The socket: HTTP/1.1, with connections that can be cut before anything is answered.

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

use crate::faults::Cut;

/// Accepts until the task is aborted; the connections end with it.
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
    let cut = Arc::new(OnceLock::new());
    let ordered = Arc::clone(&cut);
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let (router, ordered) = (router.clone(), Arc::clone(&ordered));
        // Boxed, since `poll_without_shutdown` wants a future that may move.
        Box::pin(async move {
            let request: Request = request.map(Body::new);
            let Ok(response) = router.oneshot(request).await;
            match response.extensions().get::<Cut>() {
                None => Ok(response),
                Some(how) => {
                    let _ = ordered.set(*how);
                    Err(Severed)
                }
            }
        })
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // Not shut down by hyper: a reset needs the socket as it is.
    let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let stream = connection.into_parts().io.into_inner();
    if cut.get() == Some(&Cut::Reset) {
        let _ = stream.set_zero_linger();
    }
}

/// Tells hyper to end the connection without an answer.
#[derive(Debug)]
struct Severed;

impl fmt::Display for Severed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the test ordered the connection to be cut")
    }
}

impl Error for Severed {}
