//! Work that must not stop when the client closes the connection.

use std::{
    future::{Future, pending},
    panic,
};

use tracing::Instrument as _;

/// Runs `action` as a task of its own: when the client closes the connection, the server drops the
/// future of the request.
pub(crate) async fn to_the_end<T: Send + 'static>(action: impl Future<Output = T> + Send + 'static) -> T {
    match tokio::spawn(action.in_current_span()).await {
        Ok(outcome) => outcome,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(reason) => panic::resume_unwind(reason),
            // The runtime is shutting down, and drops this future too.
            Err(_) => pending().await,
        },
    }
}
