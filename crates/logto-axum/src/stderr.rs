//! Messages to the developer of an app that has no `tracing` subscriber.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

/// Writes a message to stderr in a debug build, if there is no `tracing` subscriber. Log the message
/// too: this function is only for apps in which nothing shows the log.
pub(crate) fn print_without_subscriber(message: &impl Display) {
    if cfg!(debug_assertions) && !tracing::dispatcher::has_been_set() {
        // Without stderr, there is no place for it.
        _ = writeln!(io::stderr(), "logto: {message}");
    }
}
