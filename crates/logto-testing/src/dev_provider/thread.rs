//! The thread that serves the provider. It is independent of the app's runtime, so that the app can
//! start the provider before its runtime, and block its threads.

use std::{net, thread};

use axum::Router;
use tokio::{net::TcpListener, runtime, sync::oneshot};

use super::error::DevProviderError;
use crate::http_server;

#[derive(Debug)]
pub(super) struct ServerThread {
    /// Dropping it ends the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl ServerThread {
    pub(super) fn start(listener: net::TcpListener, router: Router) -> Result<Self, DevProviderError> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(DevProviderError::Thread)?;
        let listener = {
            let _context = runtime.enter();
            listener
                .set_nonblocking(true)
                .and_then(|()| TcpListener::from_std(listener))
        };
        let listener = listener.map_err(DevProviderError::Thread)?;
        let (stop, stopped) = oneshot::channel();
        let serve = move || {
            runtime.block_on(async {
                tokio::select! {
                    () = http_server::serve(listener, router) => {}
                    _ = stopped => {}
                }
            });
        };
        let thread = thread::Builder::new().name("logto-dev".to_owned()).spawn(serve);
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread.map_err(DevProviderError::Thread)?),
        })
    }
}

impl Drop for ServerThread {
    /// Waits for the thread, so that its port is free afterwards.
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().map(thread::JoinHandle::join);
    }
}
