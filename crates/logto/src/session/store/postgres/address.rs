//! The connection string of PostgreSQL. Connections to other hosts are encrypted, and `PG*`
//! variables are not used.

use std::{net::IpAddr, str::FromStr as _};

use sqlx::{
    ConnectOptions as _,
    postgres::{PgConnectOptions, PgSslMode},
};
use url::Url;

use super::connection::NAME;
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
        // Setting `host` would replace a Unix socket.
        Some(bare) if options.get_socket().is_none() => {
            let bare = bare.to_owned();
            options.host(&bare)
        }
        _ => options,
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
    // Set, because values of `PGHOST` and `PGUSER` may not be valid in an address.
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
mod tests {
    use super::*;

    fn options(address: &str) -> Result<PgConnectOptions, StoreAddressError> {
        parse(address, &TrustedCertificates::default())
    }

    /// The name of the mode, because the type has no `PartialEq`.
    fn mode(address: &str) -> String {
        options(address).map_or_else(
            |error| format!("{error:?}"),
            |options| format!("{:?}", options.get_ssl_mode()),
        )
    }

    #[test]
    fn a_remote_server_is_verified_by_default() {
        for host in [
            "db.example.com",
            "10.0.0.5",
            "[2001:db8::1]",
            "postgres",
            "localhost.example.com",
        ] {
            assert_eq!(mode(&format!("postgres://u:p@{host}/d")), "VerifyFull", "{host}");
        }
        assert_eq!(mode("postgres://u@127.0.0.1/d?host=db.example.com"), "VerifyFull");
    }

    #[test]
    fn a_local_server_needs_no_encryption() {
        for host in [
            "127.0.0.1",
            "[::1]",
            "localhost",
            "LOCALHOST",
            "db.localhost",
            "%2Frun%2Fpostgresql",
        ] {
            assert_eq!(mode(&format!("postgres://u:p@{host}/d")), "Prefer", "{host}");
        }
        for host in ["%2Frun%2Fpostgresql", "::1"] {
            assert_eq!(mode(&format!("postgres:///d?host={host}")), "Prefer", "{host}");
        }
    }

    #[test]
    fn weaker_encryption_is_opt_in_and_never_a_fallback() {
        let with = |mode_name: &str| mode(&format!("postgres://u:p@db.example.com/d?sslmode={mode_name}"));
        for (name, expected) in [
            ("disable", "Disable"),
            ("require", "Require"),
            ("verify-ca", "VerifyFull"),
            ("verify-full", "VerifyFull"),
            ("prefer", "PlainText"),
            ("allow", "PlainText"),
        ] {
            assert_eq!(with(name), expected);
        }
        assert_eq!(mode("postgres://u@127.0.0.1/d?sslmode=prefer"), "Prefer");
    }

    #[test]
    fn a_certificate_is_compared_with_the_address_without_brackets() {
        for address in [
            "postgres://u:p@[2001:db8::1]:5433/d",
            "postgres://u@h/d?host=[2001:db8::1]",
        ] {
            assert_eq!(options(address).unwrap().get_host(), "2001:db8::1", "{address}");
        }
        let socket = options("postgres://u@[2001:db8::1]/d?host=/run/postgresql").unwrap();
        assert_eq!(socket.get_socket().unwrap().to_str(), Some("/run/postgresql"));
    }

    #[test]
    fn a_parameter_that_would_be_logged_is_rejected() {
        for parameter in [
            "sslpassword=p4ss",
            "passwort=p4ss",
            "SSLMODE=disable",
            "connect_timeout=5",
            "p4ss",
        ] {
            let error = options(&format!("postgres://u@db.example.com/d?sslmode=require&{parameter}")).unwrap_err();
            assert_eq!(error, StoreAddressError::UnknownParameter, "{parameter}");
            assert!(!format!("{error} {error:?}").contains("p4ss"));
        }
        let known = "statement-cache-capacity=5&application_name=a&options=-c%20x=y&options[z]=1&sslmode=require";
        assert!(options(&format!("postgres://u@db.example.com/d?{known}")).is_ok());
    }

    const CHILD: &str = "LOGTO_TEST_ADDRESS";
    const MARK: &str = "read: ";

    /// Not a test by itself: the tests below run it in a child process, to set environment
    /// variables.
    #[test]
    fn a_child_process_prints_the_parsed_address() {
        if let Ok(address) = std::env::var(CHILD) {
            match options(&address) {
                Ok(options) => println!("{MARK}{} {:?}", options.to_url_lossy(), options.get_options()),
                Err(error) => println!("{MARK}{error:?}"),
            }
        }
    }

    fn read_with(variables: &[(&str, &str)], address: &str) -> String {
        let program = std::env::current_exe().unwrap();
        let child = "session::store::postgres::address::tests::a_child_process_prints_the_parsed_address";
        let output = std::process::Command::new(program)
            .args(["--exact", child, "--nocapture"])
            .env(CHILD, address)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        let mut lines = text.lines();
        lines.find_map(|line| line.split_once(MARK)).unwrap().1.to_owned()
    }

    #[test]
    fn environment_variables_do_not_complete_an_address() {
        let password_file = std::env::temp_dir().join(format!("logto-pgpass-{}", std::process::id()));
        std::fs::write(&password_file, "*:*:*:*:leaked\n").unwrap();
        let variables = [
            ("PGHOST", "leaked.example"),
            ("PGHOSTADDR", "192.0.2.99"),
            ("PGPORT", "9999"),
            ("PGUSER", "leaked"),
            ("PGPASSWORD", "leaked"),
            ("PGDATABASE", "leaked"),
            ("PGSSLMODE", "disable"),
            ("PGSSLROOTCERT", "/leaked"),
            ("PGAPPNAME", "leaked"),
            ("PGPASSFILE", password_file.to_str().unwrap()),
        ];
        for address in [
            "postgres:///",
            "postgres://db.example.com",
            "postgres://u@db.example.com/d",
        ] {
            let text = read_with(&variables, address);
            assert_eq!(text, read_with(&[], address), "{address}");
            assert!(
                !text.contains("leaked") && !text.contains("9999") && !text.contains("192.0.2.99"),
                "{text}"
            );
        }
        std::fs::remove_file(password_file).unwrap();
    }

    #[test]
    fn a_variable_that_cannot_be_overridden_is_rejected() {
        for (name, value) in [("PGOPTIONS", "-c x=y"), ("PGSSLCERT", "/c.pem"), ("PGSSLKEY", "/k.pem")] {
            let text = read_with(
                &[(name, value), ("PGHOST", "/odd host")],
                "postgres://u@db.example.com/d",
            );
            assert!(text.contains(&format!("Variable(\"{name}\")")), "{text}");
        }
        let both = "postgres://u@db.example.com/d?sslcert=/mine.pem&sslkey=/mine.key";
        let text = read_with(&[("PGSSLCERT", "/c.pem"), ("PGSSLKEY", "/k.pem")], both);
        assert!(text.contains("mine.pem") && !text.contains("c.pem&"), "{text}");
    }
}
