//! Errors of Redis: transient ones, and those that ask for another server.

use std::{io, time::Duration};

use redis::{ErrorKind, RedisError, RedisResult, ServerErrorKind};
use tokio::time::{Instant, timeout_at};

use super::address::Endpoint;

/// Timeout of a query, including the connection, so that a page can soon say "temporarily
/// unavailable".
pub(super) const TIMEOUT: Duration = Duration::from_secs(5);

/// Timeout of one server that is asked for the address of another one. Several may have to be
/// asked within [`TIMEOUT`].
pub(super) const LOOKUP_TIMEOUT: Duration = Duration::from_secs(1);

/// Fails with an I/O error at the deadline.
pub(super) async fn until<T>(deadline: Instant, answer: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    timeout_at(deadline, answer)
        .await
        .unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
}

/// Another server has the slot.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Redirect {
    /// The slot has moved (`MOVED`).
    Moved(Endpoint),
    /// The slot is being moved, and this key has moved already (`ASK`).
    Ask(Endpoint),
}

/// The server that `error` of the server `from` names.
pub(super) fn redirect(error: &RedisError, from: &Endpoint) -> Option<Redirect> {
    let (address, _) = error.redirect_node()?;
    let (host, port) = address.rsplit_once(':')?;
    let host = host.trim_matches(['[', ']']);
    let to = Endpoint {
        // A server that does not know its own name leaves it out.
        host: if host.is_empty() { &from.host } else { host }.to_owned(),
        port: port.parse().ok()?,
    };
    Some(match error.kind() {
        ErrorKind::Server(ServerErrorKind::Ask) => Redirect::Ask(to),
        _ => Redirect::Moved(to),
    })
}

/// Whether another attempt may succeed at once on another connection: this one is broken, or another
/// server has become the primary.
pub(super) fn is_worth_a_retry(error: &RedisError) -> bool {
    const CODES: [&str; 6] = [
        "CLUSTERDOWN",
        "LOADING",
        "MASTERDOWN",
        "NOREPLICAS",
        "READONLY",
        "TRYAGAIN",
    ];
    error.is_io_error() || CODES.iter().any(|code| has_code(error, code))
}

/// Whether the error is transient: there is no connection, or the server is starting, failing over
/// or out of memory.
pub(super) fn is_transient(error: &RedisError) -> bool {
    const CODES: [&str; 9] = [
        "BUSY",
        "CLUSTERDOWN",
        "LOADING",
        "MASTERDOWN",
        "MISCONF",
        "NOREPLICAS",
        "OOM",
        "READONLY",
        "TRYAGAIN",
    ];
    error.is_io_error() || CODES.iter().any(|code| has_code(error, code))
}

/// For an error in a script, Redis before version 7 has the code only within the text.
fn has_code(error: &RedisError, code: &str) -> bool {
    error.code() == Some(code)
        || error
            .detail()
            .is_some_and(|detail| detail.contains(&format!("-{code} ")))
}

#[cfg(test)]
mod tests {
    use redis::make_extension_error;

    use super::*;

    fn server_error(kind: ServerErrorKind, detail: &str) -> RedisError {
        RedisError::from((ErrorKind::Server(kind), "error", detail.to_owned()))
    }

    #[test]
    fn errors_of_a_server_that_starts_or_fails_over_are_transient() {
        let loading = RedisError::from((ErrorKind::Server(ServerErrorKind::BusyLoading), "loading"));
        let full = make_extension_error("OOM".to_owned(), None);
        let in_a_script = make_extension_error(
            "ERR".to_owned(),
            Some("Error running script: -READONLY You can't write against a read only replica.".to_owned()),
        );
        assert!(is_worth_a_retry(&in_a_script));
        let refused = RedisError::from(io::Error::from(io::ErrorKind::ConnectionRefused));
        for error in [loading, full, in_a_script, refused] {
            assert!(is_transient(&error), "{error:?}");
        }
    }

    #[test]
    fn errors_of_the_set_up_are_not_transient() {
        let wrong_password = make_extension_error("WRONGPASS".to_owned(), Some("invalid password".to_owned()));
        let wrong_type = make_extension_error("WRONGTYPE".to_owned(), Some("OOM is part of the text".to_owned()));
        for error in [wrong_password, wrong_type] {
            assert!(!is_transient(&error), "{error:?}");
            assert!(!is_worth_a_retry(&error), "{error:?}");
        }
    }

    #[test]
    fn a_redirect_names_the_other_server() {
        let from = Endpoint {
            host: "one".to_owned(),
            port: 7000,
        };
        let at = |host: &str| Endpoint {
            host: host.to_owned(),
            port: 7001,
        };
        for (detail, host) in [("1 two:7001", "two"), ("1 :7001", "one"), ("1 ::1:7001", "::1")] {
            let moved = server_error(ServerErrorKind::Moved, detail);
            assert_eq!(redirect(&moved, &from), Some(Redirect::Moved(at(host))));
            let ask = server_error(ServerErrorKind::Ask, detail);
            assert_eq!(redirect(&ask, &from), Some(Redirect::Ask(at(host))));
        }
        for detail in ["", "1", "1 two", "1 two:port"] {
            assert_eq!(redirect(&server_error(ServerErrorKind::Moved, detail), &from), None);
        }
        assert_eq!(
            redirect(&server_error(ServerErrorKind::ClusterDown, "1 two:7001"), &from),
            None
        );
    }
}
