//! Tests of the connection string of PostgreSQL.

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
fn an_address_may_name_every_part_by_a_parameter() {
    let address = "postgres:///?host=db.example.com&port=5433&user=u&password=p&dbname=d&application_name=a";
    let options = options(address).unwrap();
    assert_eq!((options.get_host(), options.get_port()), ("db.example.com", 5433));
    assert_eq!((options.get_username(), options.get_database()), ("u", Some("d")));
    assert_eq!(options.get_application_name(), Some("a"));
}

#[test]
fn connections_are_named_logto_by_default() {
    let options = options("postgres://u@db.example.com/d").unwrap();
    assert_eq!(options.get_application_name(), Some("logto"));
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
