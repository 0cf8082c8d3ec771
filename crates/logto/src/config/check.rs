//! Checks a configuration once, when the client is created.

use url::Url;

use super::{checked::CheckedConfig, endpoint::check_endpoint, options::LogtoConfig};
use crate::{
    error::{ConfigError, ConfigProblem},
    prompt::Prompt,
};

/// Maximum clock tolerance, in seconds: above it, tokens would be accepted noticeably longer than
/// the provider intended.
const MAX_CLOCK_TOLERANCE: u64 = 600;

/// Maximum transaction lifetime, in seconds. The browser sends the cookie of an abandoned sign-in
/// with every request until it expires.
const MAX_TRANSACTION_LIFETIME: u64 = 24 * 60 * 60;

impl LogtoConfig {
    /// Checks every value, and adds the reserved scopes and resources.
    ///
    /// # Errors
    ///
    /// All problems at once, each with a message that says how to fix it.
    pub fn check(self) -> Result<CheckedConfig, ConfigError> {
        let mut problems = Vec::new();
        let endpoint = check_endpoint("endpoint", &self.endpoint, self.allow_http, &mut problems);
        let internal = self.internal_endpoint.as_ref();
        let internal =
            internal.and_then(|url| check_endpoint("internal_endpoint", url, self.allow_http, &mut problems));
        problems.extend(self.credential_problems());
        problems.extend(self.request_problems());
        problems.extend(self.duration_problems());
        match endpoint {
            Some(endpoint) if problems.is_empty() => Ok(CheckedConfig::new(self, &endpoint, internal.as_ref())),
            _ => Err(ConfigError::new(problems)),
        }
    }

    fn credential_problems(&self) -> Vec<ConfigProblem> {
        let mut problems = Vec::new();
        if self.app_id.trim().is_empty() {
            problems.push(ConfigProblem::new(
                "app_id_missing",
                "`app_id` is empty; copy it from the application's page in the Logto console",
            ));
        } else if !self.app_id.bytes().all(is_app_id_byte) {
            problems.push(ConfigProblem::new(
                "app_id_invalid",
                "`app_id` may contain only letters, digits, `-` and `_`; copy it from the Logto console",
            ));
        }
        if self.has_empty_secret() {
            problems.push(ConfigProblem::new(
                "app_secret_missing",
                "`app_secret` is empty; copy it from the Logto console, or leave it out for a public client",
            ));
        }
        problems
    }

    fn request_problems(&self) -> Vec<ConfigProblem> {
        let mut problems = Vec::new();
        for scope in &self.scopes {
            if scope.is_empty() || !scope.bytes().all(is_scope_byte) {
                let message = format!(
                    "the scope {scope:?} is empty or contains characters that RFC 6749 §3.3 forbids; write each scope as a separate entry"
                );
                problems.push(ConfigProblem::new("scope_invalid", message));
            }
        }
        for resource in &self.resources {
            if Url::parse(resource).map_or(true, |url| url.fragment().is_some()) {
                let message = format!(
                    "the resource {resource:?} is not an absolute URI without fragment (RFC 8707 §2); copy the API \
                     identifier from the Logto console"
                );
                problems.push(ConfigProblem::new("resource_invalid", message));
            }
        }
        if self.prompt.contains(&Prompt::None) && self.prompt.len() > 1 {
            problems.push(ConfigProblem::new(
                "prompt_invalid",
                "`prompt` combines `none` with other values; use `none` alone",
            ));
        }
        problems
    }

    fn duration_problems(&self) -> Vec<ConfigProblem> {
        let mut problems = Vec::new();
        if self.clock_tolerance > MAX_CLOCK_TOLERANCE {
            let message =
                format!("`clock_tolerance` is above {MAX_CLOCK_TOLERANCE} seconds; synchronize the clocks instead");
            problems.push(ConfigProblem::new("clock_tolerance_invalid", message));
        }
        if !(1..=MAX_TRANSACTION_LIFETIME).contains(&self.transaction_lifetime) {
            let message = format!(
                "`transaction_lifetime` is not between 1 and {MAX_TRANSACTION_LIFETIME} seconds; Logto's own limit is one hour"
            );
            problems.push(ConfigProblem::new("transaction_lifetime_invalid", message));
        }
        problems
    }
}

fn is_app_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Characters of a scope token (RFC 6749 §3.3).
fn is_scope_byte(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::config) fn codes(config: LogtoConfig) -> Vec<&'static str> {
        let problems = config.check().unwrap_err().problems;
        problems.iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let bad = LogtoConfig::new("tenant", " ", "")
            .with_scopes(["two scopes"])
            .with_resources(["/relative"])
            .with_prompt([Prompt::None, Prompt::Login])
            .with_clock_tolerance(601)
            .with_transaction_lifetime(0);
        assert_eq!(
            codes(bad),
            [
                "endpoint_invalid",
                "app_id_missing",
                "app_secret_missing",
                "scope_invalid",
                "resource_invalid",
                "prompt_invalid",
                "clock_tolerance_invalid",
                "transaction_lifetime_invalid"
            ]
        );
    }
}
