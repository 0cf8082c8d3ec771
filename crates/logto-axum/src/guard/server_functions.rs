//! Server functions: functions that pages call over HTTP, and their limits.

use http::{HeaderMap, Method};

use crate::{address::Address, guard::web_socket::opens_web_socket};

/// 1 MiB: a form has a few kilobytes, and functions that take files have a limit of their own.
const BODY_LIMIT: usize = 1024 * 1024;

/// The server functions of an app, for
/// [`LogtoLayer::with_server_functions`](crate::LogtoLayer::with_server_functions).
///
/// Each is a public endpoint. Cross-site calls by GET are rejected like those by POST, because
/// browsers send cookies with a link on any site; [`ServerFunctions::allow_get`] allows them. The
/// bodies of calls are limited.
///
/// A request whose path **ends** with the path of a function counts as a call of it, because a
/// router may nest the functions. [`ServerFunctions::allow_get`] applies only to the exact path,
/// below the path of the base URL.
///
/// ```
/// use http::Method;
/// use logto_axum::ServerFunctions;
///
/// let functions = ServerFunctions::new([("/api/search", Method::GET), ("/api/upload", Method::POST)])
///     .allow_get("/api/search")
///     .with_body_limit_of("/api/upload", 20 * 1024 * 1024);
/// ```
#[derive(Clone, Debug)]
pub struct ServerFunctions {
    registered: Vec<(String, Method)>,
    allowed_by_get: Vec<String>,
    body_limit: usize,
    body_limits: Vec<(String, usize)>,
}

impl ServerFunctions {
    /// Creates the list from the path and method of each function. With Leptos use
    /// `logto_leptos::server_functions`, which knows all of them.
    #[must_use]
    pub fn new<P: Into<String>>(registered: impl IntoIterator<Item = (P, Method)>) -> Self {
        let registered = registered.into_iter().map(|(path, method)| (path.into(), method));
        Self {
            registered: registered.collect(),
            allowed_by_get: Vec::new(),
            body_limit: BODY_LIMIT,
            body_limits: Vec::new(),
        }
    }

    /// Allows every site to call this function by GET, with the user's session. Use it for
    /// functions without side effects, such as a search that other sites link to.
    ///
    /// Otherwise only pages of this site, and programs without a session cookie, may call it by
    /// GET. An address that the user types, or opens from an email, counts as cross-site.
    #[must_use]
    pub fn allow_get(mut self, path: impl Into<String>) -> Self {
        self.allowed_by_get.push(path.into());
        self
    }

    /// Sets the limit for the body of a call, in **bytes**. 1 MiB by default.
    #[must_use]
    pub fn with_body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets the limit for the body of one function, in **bytes**; for example, one that takes
    /// files.
    #[must_use]
    pub fn with_body_limit_of(mut self, path: impl Into<String>, bytes: usize) -> Self {
        self.body_limits.push((path.into(), bytes));
        self
    }

    /// Whether a request calls a function.
    pub(crate) fn are_called(&self, method: &Method, path: FunctionPath<'_>) -> bool {
        self.called(answered_as(method), path).is_some()
    }

    /// Whether a request calls a function by GET that other sites may not call. WebSocket
    /// handshakes, which are GET requests too, are not included: the guard treats them like a POST.
    pub(crate) fn guards_get(&self, method: &Method, path: FunctionPath<'_>, headers: &HeaderMap) -> bool {
        *answered_as(method) == Method::GET
            && self
                .called(&Method::GET, path)
                .is_some_and(|called| !self.allows(called, path))
            && !opens_web_socket(headers)
    }

    /// Whether [`ServerFunctions::allow_get`] can allow a request for this path.
    pub(crate) fn can_allow_get(&self, path: FunctionPath<'_>) -> bool {
        self.called(&Method::GET, path).is_some_and(|called| path.is(called))
    }

    fn allows(&self, called: &str, path: FunctionPath<'_>) -> bool {
        path.is(called) && self.allowed_by_get.iter().any(|open| open == called)
    }

    /// The body limit in bytes, if a request calls a function.
    pub(crate) fn body_limit_for(&self, method: &Method, path: FunctionPath<'_>) -> Option<usize> {
        let called = self.called(method, path)?;
        let own = self.body_limits.iter().find(|(path, _)| path == called);
        Some(own.map_or(self.body_limit, |(_, bytes)| *bytes))
    }

    /// The function that a request calls: the one with the longest path that matches.
    fn called(&self, method: &Method, path: FunctionPath<'_>) -> Option<&str> {
        let functions = self.registered.iter();
        let found = functions.filter(|(function, by)| by == method && path.ends_with(function));
        found
            .map(|(function, _)| function.as_str())
            .max_by_key(|path| path.len())
    }
}

/// The method whose handler runs: a HEAD request runs the handler of GET.
fn answered_as(method: &Method) -> &Method {
    if *method == Method::HEAD { &Method::GET } else { method }
}

/// The path of a request, which may call a function.
#[derive(Clone, Copy)]
pub(crate) struct FunctionPath<'a> {
    /// As received. A proxy, or a router around the layer, may have stripped the base path.
    whole: &'a str,
    below_base: &'a str,
}

impl<'a> FunctionPath<'a> {
    pub(crate) fn new(address: &Address, path: &'a str) -> Self {
        Self {
            whole: path,
            below_base: address.within(path),
        }
    }

    /// Whether it may be a call of this function, nested or not.
    fn ends_with(self, function: &str) -> bool {
        let before = self.whole.strip_suffix(function);
        before.is_some_and(|before| function.starts_with('/') || before.ends_with('/'))
    }

    fn is(self, function: &str) -> bool {
        self.whole == function || self.below_base == function
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn functions() -> ServerFunctions {
        ServerFunctions::new([
            ("/api/delete", Method::GET),
            ("/api/search", Method::GET),
            ("/admin/api/search", Method::GET),
            ("/api/save", Method::POST),
        ])
        .allow_get("/api/search")
    }

    fn guards(method: &Method, base_url: &str, path: &str) -> bool {
        let address = Address::new(&Url::parse(base_url).unwrap(), true);
        functions().guards_get(method, FunctionPath::new(&address, path), &HeaderMap::new())
    }

    #[test]
    fn a_function_by_get_is_guarded_unless_it_is_allowed() {
        let guards = |method, path| guards(method, "https://a.example", path);
        assert!(guards(&Method::GET, "/api/delete"));
        assert!(
            guards(&Method::HEAD, "/api/delete"),
            "a handler for GET answers HEAD too"
        );
        assert!(!guards(&Method::GET, "/api/search"));
        assert!(!guards(&Method::GET, "/api/save"), "it is not registered for GET");
        assert!(!guards(&Method::POST, "/api/save"));
        assert!(!guards(&Method::GET, "/page"));
        assert!(!guards(&Method::GET, "/api/delete/page"));
        assert!(!guards(&Method::GET, "/page-api/delete"), "another segment");
    }

    #[test]
    fn a_nested_function_is_guarded_even_if_it_is_allowed_at_its_own_path() {
        for base in ["https://a.example", "https://a.example/app"] {
            let path = Url::parse(base).unwrap().path().trim_end_matches('/').to_owned();
            for function in ["/v1/api/delete", "/v1/api/search", "/page/api/delete"] {
                assert!(
                    guards(&Method::GET, base, &format!("{path}{function}")),
                    "{base} {function}"
                );
            }
            assert!(!guards(&Method::GET, base, &format!("{path}/api/search")), "{base}");
        }
    }

    #[test]
    fn a_path_that_ends_like_an_allowed_one_is_another_function() {
        assert!(guards(&Method::GET, "https://a.example", "/admin/api/search"));
        assert!(guards(
            &Method::GET,
            "https://a.example/admin",
            "/admin/admin/api/search"
        ));
    }

    #[test]
    fn functions_are_found_below_the_base_path_and_without_it() {
        for base in ["https://a.example/app", "https://a.example/api"] {
            let path = Url::parse(base).unwrap().path().to_owned();
            assert!(guards(&Method::GET, base, &format!("{path}/api/delete")), "{base}");
            assert!(guards(&Method::GET, base, "/api/delete"), "{base}");
            assert!(!guards(&Method::GET, base, &format!("{path}/api/search")), "{base}");
        }
        assert!(guards(&Method::GET, "https://a.example/app", "/other/api/search"));
    }

    #[test]
    fn a_call_is_recognized_by_its_method_and_path() {
        let called = |method, path| {
            let address = Address::new(&Url::parse("https://a.example").unwrap(), true);
            functions().are_called(method, FunctionPath::new(&address, path))
        };
        assert!(called(&Method::GET, "/api/search"));
        assert!(
            called(&Method::HEAD, "/api/search"),
            "a handler for GET answers HEAD too"
        );
        assert!(called(&Method::POST, "/api/save"));
        assert!(!called(&Method::POST, "/api/search"), "it is not registered for POST");
        assert!(!called(&Method::GET, "/page"));
    }

    #[test]
    fn a_function_registered_without_a_leading_slash_is_a_whole_segment() {
        let functions = ServerFunctions::new([("list", Method::POST)]);
        let address = Address::new(&Url::parse("https://a.example").unwrap(), true);
        let called = |path| functions.are_called(&Method::POST, FunctionPath::new(&address, path));
        assert!(called("/list"));
        assert!(called("/api/list"));
        assert!(!called("/api/price-list"));
    }

    #[test]
    fn bodies_are_limited_to_one_mebibyte_by_default() {
        let address = Address::new(&Url::parse("https://a.example").unwrap(), true);
        let path = FunctionPath::new(&address, "/api/save");
        assert_eq!(functions().body_limit_for(&Method::POST, path), Some(1_048_576));
    }

    #[test]
    fn only_the_bodies_of_calls_are_limited() {
        let functions = functions().with_body_limit(10).with_body_limit_of("/api/save", 20);
        let address = Address::new(&Url::parse("https://a.example").unwrap(), true);
        let limit = |method, path| functions.body_limit_for(method, FunctionPath::new(&address, path));
        assert_eq!(limit(&Method::POST, "/api/save"), Some(20));
        assert_eq!(limit(&Method::GET, "/api/search"), Some(10));
        assert_eq!(limit(&Method::POST, "/upload"), None);
        assert_eq!(limit(&Method::POST, "/v1/api/save"), Some(20));
        assert_eq!(limit(&Method::POST, "/api/save/upload"), None);
    }
}
