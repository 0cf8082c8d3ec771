//! The variables of the development provider, if no Logto is configured.

use super::reader::Reader;
use crate::SetUpError;

/// The variables that belong together. Those of another application would not fit.
const CREDENTIALS: [&str; 6] = [
    "LOGTO_ENDPOINT",
    "LOGTO_APP_ID",
    "LOGTO_APP_SECRET",
    "LOGTO_MANAGEMENT_APP_ID",
    "LOGTO_MANAGEMENT_APP_SECRET",
    "LOGTO_MANAGEMENT_RESOURCE",
];

/// Adds the development provider's variables if `lookup` has no `LOGTO_ENDPOINT`. `start` starts
/// the provider for an app at a base URL, and returns them.
pub(super) fn with_provider(
    lookup: impl Fn(&str) -> Option<String>,
    start: impl FnOnce(&str) -> Result<Vec<(&'static str, String)>, SetUpError>,
) -> Result<impl Fn(&str) -> Option<String>, SetUpError> {
    let lookup = move |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
    let provider = match lookup("LOGTO_ENDPOINT") {
        Some(_) => Vec::new(),
        None => start(&Reader::new(&lookup).read_base_url()?)?,
    };
    Ok(move |name: &str| {
        let of_provider = || {
            let found = provider.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| value.clone())
        };
        if CREDENTIALS.contains(&name) && !provider.is_empty() {
            of_provider()
        } else {
            lookup(name).or_else(of_provider)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads these variables, and returns the value of `name`.
    fn read(variables: &[(&str, &str)], name: &str) -> Result<Option<String>, SetUpError> {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let start = |base_url: &str| {
            Ok(vec![
                ("LOGTO_ENDPOINT", format!("http://provider-of/{base_url}")),
                ("LOGTO_APP_ID", "dev".to_owned()),
                ("LOGTO_SCOPES", "email".to_owned()),
            ])
        };
        Ok(with_provider(lookup, start)?(name))
    }

    const LISTENING: (&str, &str) = ("LEPTOS_SITE_ADDR", "127.0.0.1:3000");

    #[test]
    fn an_app_without_an_endpoint_signs_in_at_the_development_provider() {
        for variables in [&[LISTENING][..], &[LISTENING, ("LOGTO_ENDPOINT", " ")]] {
            let endpoint = read(variables, "LOGTO_ENDPOINT").unwrap().unwrap();
            assert_eq!(endpoint, "http://provider-of/http://127.0.0.1:3000");
        }
        let variables = [("LOGTO_ENDPOINT", "https://tenant.logto.app")];
        assert_eq!(read(&variables, "LOGTO_ENDPOINT").unwrap().unwrap(), variables[0].1);
        assert_eq!(read(&variables, "LOGTO_SCOPES").unwrap(), None);
    }

    #[test]
    fn other_variables_override_those_of_the_development_provider() {
        let variables = [LISTENING, ("LOGTO_SCOPES", "roles"), ("LOGTO_APP_ID", "another")];
        assert_eq!(read(&variables, "LOGTO_SCOPES").unwrap().unwrap(), "roles");
        assert_eq!(read(&variables, "LOGTO_APP_ID").unwrap().unwrap(), "dev");
        assert_eq!(read(&[LISTENING], "LOGTO_SCOPES").unwrap().unwrap(), "email");
        let of_another_tenant = ("LOGTO_MANAGEMENT_APP_SECRET", "secret");
        assert_eq!(
            read(&[LISTENING, of_another_tenant], of_another_tenant.0).unwrap(),
            None
        );
    }

    #[test]
    fn the_development_provider_needs_the_base_url() {
        let error = read(&[], "LOGTO_ENDPOINT").unwrap_err().to_string();
        assert!(error.contains("LOGTO_BASE_URL is missing"), "{error}");
        assert!(!error.contains("LOGTO_ENDPOINT"), "{error}");
    }
}
