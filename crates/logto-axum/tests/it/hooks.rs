//! Hooks of the app: the decision about a sign-in, and the events of its end.

mod session_end;
mod sign_in;
mod sign_out;

use std::{fmt::Debug, future::pending};

use logto_axum::WebConfig;
use logto_testing::TestClock;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::faulty_store::FaultyStore;

/// A channel from the hooks of an app to its test.
fn channel<T: Debug>() -> (UnboundedSender<T>, UnboundedReceiver<T>) {
    unbounded_channel()
}

/// Hooks that never return.
fn hanging(web: WebConfig) -> WebConfig {
    web.with_on_sign_out(|_| pending()).with_on_session_end(|_| pending())
}

fn with_store(web: WebConfig, store: Option<FaultyStore>) -> WebConfig {
    match store {
        Some(store) => web.with_store(store),
        None => web,
    }
}

/// Waits for a response, and ends every sleep in the meantime: several hooks may reach their time
/// limits, one after the other.
pub(crate) async fn while_time_passes<T>(clock: TestClock, response: impl Future<Output = T>) -> T {
    let time_passes = async {
        loop {
            clock.end_sleep().await;
        }
    };
    tokio::select! {
        response = response => response,
        () = time_passes => unreachable!(),
    }
}
