//! Logs each refusal once per path, with the line that allows such requests.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, RandomState},
    sync::{Mutex, PoisonError},
};

use http::Request;

use crate::{
    address::Address,
    config::{check::is_plain_path, paths::Paths},
    guard::{
        fetch_metadata::origin_of,
        refusal::Refusal,
        server_functions::{FunctionPath, ServerFunctions},
    },
};

/// Maximum number of refusals that are remembered. Later refusals are logged at debug level only,
/// because an attacker could fill the memory and the log otherwise.
const MAX_LOGGED: usize = 1_000;

/// The refusals that were logged.
#[derive(Default)]
pub(crate) struct RefusalLog {
    /// Hashes of the reason and the path, because a path may be long.
    logged: Mutex<HashSet<u64>>,
    hasher: RandomState,
}

impl RefusalLog {
    /// Logs a refusal: as a warning the first time, then at debug level.
    pub(crate) fn add<B>(
        &self,
        refusal: Refusal,
        request: &Request<B>,
        address: &Address,
        paths: &Paths,
        functions: Option<&ServerFunctions>,
    ) {
        let (code, method, path) = (refusal.code(), request.method(), request.uri().path());
        let origin = origin_of(request.headers());
        if !self.is_first(refusal, path) {
            tracing::debug!(code, %method, path, ?origin, "a request was refused");
            return;
        }
        let function = FunctionPath::new(address, path);
        let can_allow_get = functions.is_some_and(|functions| functions.can_allow_get(function));
        let hint = hint(refusal, address.within(path), paths, can_allow_get);
        tracing::warn!(code, %method, path, ?origin, "a request was refused{hint}");
    }

    fn is_first(&self, refusal: Refusal, path: &str) -> bool {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        logged.len() < MAX_LOGGED && logged.insert(self.hasher.hash_one((refusal, path)))
    }
}

/// How the developer allows such requests; empty for the routes of this crate, which other sites
/// may not call. `path` is below the path of the base URL.
fn hint(refusal: Refusal, path: &str, paths: &Paths, can_allow_get: bool) -> String {
    if paths.are_own(path) {
        return String::new();
    }
    // Another path cannot be configured.
    let path = if is_plain_path(path) { path } else { "/…" };
    let open = format!("`.with_open_path(\"{path}\")` on the `WebConfig` allows it without the session");
    match refusal {
        Refusal::CrossSite => format!("; if other sites may send it: {open}"),
        Refusal::ServerFunctionByGet if can_allow_get => format!(
            "; if other sites may call this function: `.allow_get(\"{path}\")` on the `server_functions()` allows \
             it with the session, {open}"
        ),
        Refusal::ServerFunctionByGet => format!("; if other sites may call this function: {open}"),
        Refusal::BodyTooLarge => {
            format!("; `.with_body_limit_of(\"{path}\", bytes)` on the `server_functions()` raises the limit")
        }
    }
}

#[cfg(test)]
mod tests {
    use logto_testing::CapturedLogs;
    use url::Url;

    use super::*;

    /// Logs refusals of these paths, and returns the log.
    fn log_of(refusal: Refusal, paths: &[String]) -> String {
        let (logs, _guard) = CapturedLogs::of_this_thread();
        let log = RefusalLog::default();
        let address = Address::new(&Url::parse("https://a.example/app").unwrap(), true);
        let functions = ServerFunctions::new([("/api/search", http::Method::GET)]);
        for path in paths {
            let request = Request::get(path).body(()).unwrap();
            log.add(refusal, &request, &address, &Paths::default(), Some(&functions));
        }
        logs.text()
    }

    fn log_of_one(refusal: Refusal, path: &str) -> String {
        log_of(refusal, &[path.to_owned()])
    }

    #[test]
    fn a_refusal_is_logged_once_for_each_path() {
        let paths = ["/app/a", "/app/b", "/app/a", "/app/a"].map(str::to_owned);
        let log = log_of(Refusal::CrossSite, &paths);
        assert_eq!(log.matches("WARN").count(), 2, "{log}");
        assert_eq!(log.matches("DEBUG").count(), 2, "{log}");
    }

    #[test]
    fn the_number_of_logged_refusals_is_limited() {
        let paths: Vec<_> = (0..MAX_LOGGED + 10).map(|number| format!("/{number}")).collect();
        let log = log_of(Refusal::CrossSite, &paths);
        assert_eq!(log.matches("WARN").count(), MAX_LOGGED);
    }

    #[test]
    fn a_refusal_names_the_line_that_allows_it() {
        for (refusal, path, line) in [
            (
                Refusal::CrossSite,
                "/app/api/orders",
                "`.with_open_path(\"/api/orders\")`",
            ),
            (Refusal::CrossSite, "/app/a%20b", "`.with_open_path(\"/…\")`"),
            (
                Refusal::ServerFunctionByGet,
                "/app/api/search",
                "`.allow_get(\"/api/search\")`",
            ),
            (
                Refusal::ServerFunctionByGet,
                "/app/v1/api/search",
                "`.with_open_path(\"/v1/api/search\")`",
            ),
            (
                Refusal::BodyTooLarge,
                "/app/api/search",
                "`.with_body_limit_of(\"/api/search\", bytes)`",
            ),
        ] {
            let log = log_of_one(refusal, path);
            assert!(log.contains(line), "{log}");
        }
        let nested = log_of_one(Refusal::ServerFunctionByGet, "/app/v1/api/search");
        assert!(!nested.contains("allow_get"), "it has no effect there: {nested}");
    }

    #[test]
    fn no_line_opens_the_sign_in_to_other_sites() {
        for path in ["/app/sign-in", "/app/sign-out"] {
            let log = log_of_one(Refusal::CrossSite, path);
            assert!(
                log.contains("a request was refused") && !log.contains("with_open_path"),
                "{log}"
            );
        }
    }
}
