//! The connection string of PostgreSQL. Connections to other hosts are encrypted, and `PG*`
//! variables are not used.

use std::{net::IpAddr, str::FromStr as _};

use sqlx::{
    ConnectOptions as _,
    postgres::{PgConnectOptions, PgSslMode},
};
use url::Url;

use super::failure::NAME;
use crate::{session::store::StoreAddressError, tls::TrustedCertificates};

/// Parses a connection string. Missing parts get the defaults of this crate, not values of the
/// environment.
pub(super) fn parse(address: &str, trusted: &TrustedCertificates) -> Result<PgConnectOptions, StoreAddressError> {
    let url = Url::parse(address).map_err(|_| StoreAddressError::Invalid(NAME))?;
    // sqlx logs unknown parameters with their values, which may be passwords.
    if !url.query_pairs().all(|(key, _)| is_known(&key)) {
        return Err(StoreAddressError::UnknownParameter);
    }
    let options = PgConnectOptions::from_str(address).map_err(|_| StoreAddressError::Invalid(NAME))?;
    let named = |keys: &[&str]| url.query_pairs().any(|(key, _)| keys.contains(&&*key));
    reject_variables(named(&["sslcert", "ssl-cert"]), named(&["sslkey", "ssl-key"]))?;
    let options = with_bare_host(without_environment(options, &url, named, trusted));
    // For numbers that the store does not have. PgBouncer rejects this setting by default.
    let options = options.extra_float_digits(None);
    with_encryption(options, named(&["sslmode", "ssl-mode"]))
}

/// Whether sqlx knows this parameter.
fn is_known(key: &str) -> bool {
    match key {
        "sslmode"
        | "ssl-mode"
        | "sslrootcert"
        | "ssl-root-cert"
        | "ssl-ca"
        | "sslcert"
        | "ssl-cert"
        | "sslkey"
        | "ssl-key"
        | "statement-cache-capacity"
        | "host"
        | "hostaddr"
        | "port"
        | "dbname"
        | "user"
        | "password"
        | "application_name"
        | "options" => true,
        _ => key.starts_with("options["),
    }
}

/// Removes the brackets of an IPv6 address, because a certificate names the address without them.
fn with_bare_host(options: PgConnectOptions) -> PgConnectOptions {
    let host = options.get_host();
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(bare) => {
            let bare = bare.to_owned();
            options.host(&bare)
        }
        None => options,
    }
}

/// Sets every value that is missing in the address, because sqlx would take it from a `PG*`
/// variable or the password file.
fn without_environment(
    mut options: PgConnectOptions,
    url: &Url,
    named: impl Fn(&[&str]) -> bool,
    trusted: &TrustedCertificates,
) -> PgConnectOptions {
    if url.host_str().is_none_or(str::is_empty) && !named(&["host", "hostaddr"]) {
        options = options.host("localhost");
    }
    if url.port().is_none() && !named(&["port"]) {
        options = options.port(5432);
    }
    if url.username().is_empty() && !named(&["user"]) {
        options = options.username("postgres");
    }
    if url.password().is_none() && !named(&["password"]) {
        options = options.password("");
    }
    if url.path().trim_start_matches('/').is_empty() && !named(&["dbname"]) {
        let user = options.get_username().to_owned();
        options = options.database(&user);
    }
    if !named(&["application_name"]) {
        options = options.application_name("logto");
    }
    if !named(&["sslrootcert", "ssl-root-cert", "ssl-ca"]) {
        options = options.ssl_root_cert_from_pem(trusted.pem().to_vec());
    }
    options
}

/// Rejects variables that sqlx uses and that cannot be overridden.
fn reject_variables(has_certificate: bool, has_key: bool) -> Result<(), StoreAddressError> {
    // Host and user are set, because values of `PGHOST` and `PGUSER` may not be valid in an
    // address.
    let bare = PgConnectOptions::new_without_pgpass()
        .host("localhost")
        .username("postgres");
    if bare.get_options().is_some() {
        return Err(StoreAddressError::Variable("PGOPTIONS"));
    }
    let bare = bare.to_url_lossy();
    let is_set = |key: &str| bare.query_pairs().any(|(name, _)| name == key);
    if is_set("sslcert") && !has_certificate {
        return Err(StoreAddressError::Variable("PGSSLCERT"));
    }
    if is_set("sslkey") && !has_key {
        return Err(StoreAddressError::Variable("PGSSLKEY"));
    }
    Ok(())
}

/// Verifies the server's certificate if the server is not local, unless the address opts out. Modes
/// that fall back to plain text are rejected.
fn with_encryption(options: PgConnectOptions, is_chosen: bool) -> Result<PgConnectOptions, StoreAddressError> {
    let is_local = options.get_socket().is_some() || is_local(options.get_host());
    if !is_chosen {
        return Ok(options.ssl_mode(if is_local {
            PgSslMode::Prefer
        } else {
            PgSslMode::VerifyFull
        }));
    }
    match options.get_ssl_mode() {
        PgSslMode::Allow | PgSslMode::Prefer if !is_local => Err(StoreAddressError::PlainText),
        // sqlx 0.8 verifies the host name in this mode too, but needs a crypto provider of the
        // process, which may be missing.
        PgSslMode::VerifyCa => Ok(options.ssl_mode(PgSslMode::VerifyFull)),
        _ => Ok(options),
    }
}

fn is_local(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.starts_with('/') || host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests;
