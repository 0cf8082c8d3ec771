//! Functions that pages call over HTTP by name, as Leptos' server functions are, and what their developer declares about them.

use http::{HeaderMap, Method};

use crate::csrf::opens_web_socket;

/// 1 MiB: a form is a few kilobytes, a picture has a limit of its own.
const BODY_LIMIT: usize = 1024 * 1024;

/// The server functions of an app, for [`LogtoLayer::with_server_functions`](crate::LogtoLayer::with_server_functions).
///
/// Every one of them is a public endpoint. One that is called by GET is refused unless it was declared harmless: browsers send cookies
/// with a link from any site, so it would do its work for whoever makes a user follow one. The bodies of the others are limited.
///
/// ```
/// use http::Method;
/// use logto_axum::ServerFunctions;
///
/// let functions = ServerFunctions::new([("/api/search", Method::GET), ("/api/upload", Method::POST)])
///     .harmless("/api/search")
///     .body_limit_of("/api/upload", 20 * 1024 * 1024);
/// ```
#[derive(Clone, Debug)]
pub struct ServerFunctions {
    registered: Vec<(String, Method)>,
    harmless: Vec<String>,
    body_limit: usize,
    body_limits: Vec<(String, usize)>,
}

impl ServerFunctions {
    /// These functions, each by its path and method. With Leptos use `logto_leptos::server_functions`, which knows all of them.
    #[must_use]
    pub fn new<P: Into<String>>(registered: impl IntoIterator<Item = (P, Method)>) -> Self {
        let registered = registered.into_iter().map(|(path, method)| (path.into(), method));
        Self {
            registered: registered.collect(),
            harmless: Vec::new(),
            body_limit: BODY_LIMIT,
            body_limits: Vec::new(),
        }
    }

    /// The same, but this one may be called by GET: it changes nothing, whoever makes a browser call it.
    #[must_use]
    pub fn harmless(mut self, path: impl Into<String>) -> Self {
        self.harmless.push(path.into());
        self
    }

    /// The same with another limit for the body of a call, in **bytes**. 1 MiB by default.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// The same with a limit for one function, in **bytes**: for one that takes files, say.
    #[must_use]
    pub fn body_limit_of(mut self, path: impl Into<String>, bytes: usize) -> Self {
        self.body_limits.push((path.into(), bytes));
        self
    }

    /// Whether this calls a function by GET that was not declared harmless. A web socket is a GET too; it is judged by its origin.
    pub(crate) fn refuses(&self, method: &Method, path: &str, headers: &HeaderMap) -> bool {
        method.is_safe()
            // A handler for GET answers HEAD too, and does the same work.
            && self
                .called(&Method::GET, path)
                .is_some_and(|called| !self.harmless.iter().any(|path| path == called))
            && !opens_web_socket(headers)
    }

    /// Most bytes of the body, if this calls a function.
    pub(crate) fn body_limit_for(&self, method: &Method, path: &str) -> Option<usize> {
        let called = self.called(method, path)?;
        let own = self.body_limits.iter().find(|(path, _)| path == called);
        Some(own.map_or(self.body_limit, |(_, bytes)| *bytes))
    }

    /// By the end of the path: a router that is nested below a prefix takes the prefix off only after this layer.
    fn called(&self, method: &Method, path: &str) -> Option<&str> {
        let mut functions = self.registered.iter();
        let found = functions.find(|(function, by)| by == method && path.ends_with(function.as_str()));
        found.map(|(function, _)| function.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn functions() -> ServerFunctions {
        ServerFunctions::new([
            ("/api/delete", Method::GET),
            ("/api/search", Method::GET),
            ("/api/save", Method::POST),
        ])
        .harmless("/api/search")
    }

    fn refuses(method: &Method, path: &str) -> bool {
        functions().refuses(method, path, &HeaderMap::new())
    }

    #[test]
    fn a_function_by_get_is_refused_unless_it_was_declared_harmless() {
        assert!(refuses(&Method::GET, "/api/delete"));
        assert!(
            refuses(&Method::HEAD, "/api/delete"),
            "a handler for GET answers HEAD too"
        );
        assert!(refuses(&Method::GET, "/app/api/delete"), "below a prefix too");
        assert!(!refuses(&Method::GET, "/api/search"));
        assert!(!refuses(&Method::GET, "/api/save"), "there is none of that name by GET");
        assert!(!refuses(&Method::POST, "/api/save"));
        assert!(!refuses(&Method::GET, "/page"));
    }

    #[test]
    fn the_body_of_a_call_is_limited_and_nothing_else_is() {
        let functions = functions().body_limit(10).body_limit_of("/api/save", 20);
        assert_eq!(functions.body_limit_for(&Method::POST, "/api/save"), Some(20));
        assert_eq!(functions.body_limit_for(&Method::GET, "/api/search"), Some(10));
        assert_eq!(functions.body_limit_for(&Method::POST, "/upload"), None);
    }
}
