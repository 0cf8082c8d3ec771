//! Hooks of the app: the decision about a sign-in, and the events of its end.

mod session_end;
mod sign_in;
mod sign_out;

use std::{fmt::Debug, future::pending};

use logto_axum::WebConfig;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A channel from the hooks of an app to its test.
fn channel<T: Debug>() -> (UnboundedSender<T>, UnboundedReceiver<T>) {
    unbounded_channel()
}

/// Hooks that never return.
fn hanging(web: WebConfig) -> WebConfig {
    web.with_on_sign_out(|_| pending()).with_on_session_end(|_| pending())
}
