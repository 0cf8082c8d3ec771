//! Findings about the set-up of this process: parts that the app forgot, and the result of the last
//! check.

use std::sync::{
    LazyLock, Mutex, MutexGuard, OnceLock, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use http::{Method, Request};
use logto::Diagnose as _;

use crate::{
    address::Address, config::paths::Paths, guard::fetch_metadata::is_document, set_up::finding::SetUpFinding,
};

/// The findings so far, and what they are judged by.
#[derive(Default)]
pub(crate) struct Findings {
    /// Parts that the app forgot. They were logged.
    forgotten: Mutex<Vec<SetUpFinding>>,
    /// The findings of the last check.
    checked: Mutex<Vec<SetUpFinding>>,
    /// Whether [`Logto::routes`](crate::Logto::routes) was called.
    routes_made: AtomicBool,
    /// Whether a layer knows the server functions.
    functions_known: AtomicBool,
    /// Whether the self-check was started.
    check_started: AtomicBool,
    /// Set by the first page.
    first_page: OnceLock<()>,
}

impl Findings {
    pub(crate) fn note_routes(&self) {
        self.routes_made.store(true, Ordering::Relaxed);
    }

    pub(crate) fn note_functions(&self) {
        self.functions_known.store(true, Ordering::Relaxed);
    }

    pub(crate) fn note_check(&self) {
        self.check_started.store(true, Ordering::Relaxed);
    }

    pub(crate) fn set_checked(&self, findings: &[SetUpFinding]) {
        findings.clone_into(&mut lock(&self.checked));
    }

    /// All findings: the forgotten parts, and those of the last check.
    pub(crate) fn all(&self) -> Vec<SetUpFinding> {
        let mut all = lock(&self.forgotten).clone();
        all.extend(lock(&self.checked).iter().cloned());
        all
    }

    /// Whether a layer knows the server functions.
    pub(crate) fn knows_functions(&self) -> bool {
        self.functions_known.load(Ordering::Relaxed)
    }

    /// Logs a part that the app forgot, once.
    pub(crate) fn add(&self, finding: SetUpFinding) {
        let mut forgotten = lock(&self.forgotten);
        if !forgotten.contains(&finding) {
            tracing::error!(code = finding.code(), "{finding}");
            forgotten.push(finding);
        }
    }

    /// Reports forgotten routes and a forgotten self-check at the first request for a page, because
    /// the router is complete by then.
    pub(crate) fn on_request<B>(&self, request: &Request<B>, paths: &Paths) {
        if self.first_page.get().is_some() || !is_document(request) {
            return;
        }
        self.first_page.get_or_init(|| {
            if !self.routes_made.load(Ordering::Relaxed) {
                self.add(SetUpFinding::RouteMissing(paths.sign_in.clone()));
            }
            if !self.check_started.load(Ordering::Relaxed) {
                self.add(SetUpFinding::NotChecked);
            }
        });
    }
}

/// A request to a route of this crate. If the router does not know the route, it was forgotten.
#[derive(Debug)]
pub(crate) struct ExpectedRoute(SetUpFinding);

impl ExpectedRoute {
    pub(crate) fn of<B>(request: &Request<B>, address: &Address, paths: &Paths) -> Option<Self> {
        static DEFAULT: LazyLock<Paths> = LazyLock::new(Paths::default);
        let path = address.within(request.uri().path());
        let routes: &[_] = match *request.method() {
            Method::POST => &[
                (&paths.sign_in, &DEFAULT.sign_in),
                (&paths.sign_out, &DEFAULT.sign_out),
                (&paths.organization, &DEFAULT.organization),
                (&paths.backchannel_logout, &DEFAULT.backchannel_logout),
            ],
            Method::GET => &[
                (&paths.callback, &DEFAULT.callback),
                (&paths.session_script, &DEFAULT.session_script),
            ],
            _ => return None,
        };
        let is_configured = routes.iter().any(|(configured, _)| *configured == path);
        if is_configured {
            return Some(Self(SetUpFinding::RouteMissing(path.to_owned())));
        }
        let (configured, _) = routes.iter().find(|(_, default)| *default == path)?;
        Some(Self(SetUpFinding::RouteMoved {
            from: path.to_owned(),
            to: (*configured).clone(),
        }))
    }

    /// Reports that the router does not know the route.
    pub(crate) fn report(self, findings: &Findings) {
        findings.add(self.0);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn expected(method: &Method, path: &str, paths: &Paths) -> Option<SetUpFinding> {
        let address = Address::new(&Url::parse("https://a.example/app").unwrap(), true);
        let request = Request::builder().method(method).uri(path).body(()).unwrap();
        ExpectedRoute::of(&request, &address, paths).map(|ExpectedRoute(finding)| finding)
    }

    #[test]
    fn a_request_to_a_route_of_this_crate_is_recognized() {
        let paths = Paths::default();
        for (method, path) in [
            (Method::POST, "/sign-in"),
            (Method::POST, "/sign-out"),
            (Method::POST, "/organization"),
            (Method::POST, "/backchannel-logout"),
            (Method::GET, "/callback"),
            (Method::GET, "/logto-session.js"),
        ] {
            let missing = Some(SetUpFinding::RouteMissing(path.to_owned()));
            assert_eq!(expected(&method, &format!("/app{path}"), &paths), missing);
            assert_eq!(
                expected(&method, path, &paths),
                missing,
                "a proxy may strip the base path"
            );
            assert_eq!(expected(&Method::PUT, path, &paths), None);
        }
        assert_eq!(expected(&Method::GET, "/sign-in-help", &paths), None);
    }

    #[test]
    fn a_request_to_the_default_path_of_a_moved_route_is_recognized() {
        let paths = Paths::default().with_sign_in("/auth/sign-in");
        let moved = SetUpFinding::RouteMoved {
            from: "/sign-in".into(),
            to: "/auth/sign-in".into(),
        };
        assert_eq!(expected(&Method::POST, "/sign-in", &paths), Some(moved));
        assert_eq!(
            expected(&Method::POST, "/auth/sign-in", &paths),
            Some(SetUpFinding::RouteMissing("/auth/sign-in".into()))
        );
    }
}
