//! `quick-start --health`: asks the running app whether it serves requests. A container without a
//! shell has no other program for its health check.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use http::StatusCode;

use super::settings::{SettingsError, listening_address};

/// The route that answers.
const PATH: &str = "/health";

/// Above the time of a busy machine, and below the time limits of health checks.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The app does not serve requests.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HealthError {
    /// The address is invalid.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The app does not answer.
    #[error("the app does not answer: {0}")]
    Request(#[from] reqwest::Error),
    /// The app answers with an error.
    #[error("the app answers {PATH} with {0}")]
    Status(StatusCode),
}

/// Requests `/health` from the app that runs with the same settings on this machine.
///
/// # Errors
///
/// If the app does not answer with 200 within two seconds.
pub async fn check_health() -> Result<(), HealthError> {
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .no_proxy()
        // Plain http to this machine: no certificates are needed.
        .tls_certs_only([])
        .build()?;
    let url = format!("http://{}{PATH}", reachable(listening_address()?));
    match client.get(url).send().await?.status() {
        StatusCode::OK => Ok(()),
        status => Err(HealthError::Status(status)),
    }
}

/// The address for a client on this machine. A server that listens on every address has none of its
/// own.
fn reachable(listening: SocketAddr) -> SocketAddr {
    let ip = match listening.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listening.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_that_listens_on_every_address_is_asked_on_the_loopback_address() {
        for (listening, expected) in [
            ("0.0.0.0:3000", "127.0.0.1:3000"),
            ("[::]:3000", "[::1]:3000"),
            ("192.0.2.1:80", "192.0.2.1:80"),
        ] {
            assert_eq!(reachable(listening.parse().unwrap()).to_string(), expected);
        }
    }
}
