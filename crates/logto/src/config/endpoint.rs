//! Checks the endpoints of a configuration.

use url::{Host, Url};

use crate::error::ConfigProblem;

/// Checks an endpoint. `name` is the name of the setting, for messages.
pub(crate) fn check_endpoint(
    name: &str,
    endpoint: &str,
    allow_http: bool,
    problems: &mut Vec<ConfigProblem>,
) -> Option<Url> {
    let Ok(url) = Url::parse(endpoint) else {
        problems.push(ConfigProblem::new(
            "endpoint_invalid",
            format!("`{name}` is not an absolute URL; write it like https://tenant.logto.app"),
        ));
        return None;
    };
    let plain =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if !plain || url.path().trim_end_matches('/').ends_with("/oidc") {
        problems.push(ConfigProblem::new(
            "endpoint_invalid",
            format!("`{name}` must be the address of Logto without /oidc, query or user name"),
        ));
        return None;
    }
    if !is_secure(&url, allow_http) {
        problems.push(ConfigProblem::new(
            "endpoint_insecure",
            format!(
                "`{name}` must be https beyond this machine, because http sends tokens unencrypted; use https, or set \
                 `allow_http` (LOGTO_ALLOW_HTTP=true in the environment)"
            ),
        ));
        return None;
    }
    Some(url)
}

/// Whether `url` is https, http on this machine, or http that the configuration allows.
pub(crate) fn is_secure(url: &Url, allow_http: bool) -> bool {
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => allow_http || is_loopback(url),
        _ => false,
    }
}

/// Whether `url` is on this machine: 127.0.0.0/8, `[::1]`, `localhost` and its subdomains (RFC 6761
/// §6.3).
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{check::tests::codes, options::LogtoConfig};

    fn config(endpoint: &str) -> LogtoConfig {
        LogtoConfig::new(endpoint, "app", "secret")
    }

    #[test]
    fn http_is_allowed_on_this_machine_or_if_configured() {
        for endpoint in [
            "http://localhost:3001",
            "http://127.0.0.1:3001",
            "http://[::1]:3001",
            "http://logto.localhost",
        ] {
            assert!(config(endpoint).check().is_ok(), "{endpoint}");
        }
        for endpoint in ["http://logto:3001", "http://localhost.example.com", "ftp://localhost"] {
            assert_eq!(codes(config(endpoint)), ["endpoint_insecure"], "{endpoint}");
        }
        let allowed = config("http://logto:3001").with_allow_http(true);
        assert!(allowed.check().is_ok());
    }

    #[test]
    fn the_internal_endpoint_passes_the_same_checks_and_does_not_change_the_issuer() {
        let with = |endpoint: &str| config("https://tenant.logto.app/").with_internal_endpoint(endpoint);
        assert_eq!(codes(with("http://logto:3001")), ["endpoint_insecure"]);
        assert_eq!(codes(with("http://127.0.0.1:3001/oidc")), ["endpoint_invalid"]);
        let error = with("http://logto:3001").check().unwrap_err().to_string();
        assert!(
            error.contains("`internal_endpoint`") && error.contains("LOGTO_ALLOW_HTTP"),
            "{error}"
        );
        let checked = with("http://logto:3001").with_allow_http(true).check().unwrap();
        assert_eq!(checked.issuer(), "https://tenant.logto.app/oidc");
    }

    #[test]
    fn an_endpoint_with_oidc_or_credentials_is_rejected() {
        for endpoint in [
            "https://a.logto.app/oidc",
            "https://a.logto.app/oidc/",
            "https://u:p@a.logto.app",
            "https://a.logto.app?x",
        ] {
            assert_eq!(codes(config(endpoint)), ["endpoint_invalid"], "{endpoint}");
        }
    }
}
