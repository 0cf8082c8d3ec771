//! The layer: a session for every request, its cookie written once, before the head goes out.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use tower::{Layer, Service};
use tower_cookies::{CookieManager, Cookies};

use crate::{
    cookie_text::CookieText,
    guard::{BodyLimit, Verdict, judge},
    logto::Logto,
    server_functions::ServerFunctions,
    session::{AuthSession, Involved},
    unavailable,
};

/// Gives every request an [`AuthSession`](crate::AuthSession) and writes the session cookie back when it has changed.
///
/// The cookie is read when somebody asks for the session: static files never pay for it. It is written when the response's head
/// is ready; a token that is refreshed later, while the body streams, is remembered and written with the next response.
///
/// What changes state, web sockets included, is refused with 403 when a page of another site sends it
/// ([`WebConfig::open_paths`](crate::WebConfig::open_paths) are excepted). A request that has neither `Sec-Fetch-Site` nor `Origin` comes
/// from a program; it passes unless it carries a session cookie.
#[derive(Clone, Debug)]
pub struct LogtoLayer {
    logto: Logto,
    functions: Option<Arc<ServerFunctions>>,
}

impl LogtoLayer {
    pub(crate) fn new(logto: Logto) -> Self {
        Self { logto, functions: None }
    }

    /// The same, and it knows the app's server functions: those by GET are refused unless they were declared harmless, and the bodies
    /// of the others are limited (413).
    #[must_use]
    pub fn with_server_functions(mut self, functions: ServerFunctions) -> Self {
        self.functions = Some(Arc::new(functions));
        self
    }
}

impl<S> Layer<S> for LogtoLayer {
    type Service = CookieText<CookieManager<LogtoService<S>>>;

    fn layer(&self, inner: S) -> Self::Service {
        CookieText::new(CookieManager::new(LogtoService {
            logto: self.logto.clone(),
            functions: self.functions.clone(),
            inner,
        }))
    }
}

/// The service that [`LogtoLayer`] makes.
#[derive(Clone, Debug)]
pub struct LogtoService<S> {
    logto: Logto,
    functions: Option<Arc<ServerFunctions>>,
    inner: S,
}

impl<S> Service<Request<Body>> for LogtoService<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.logto.shared.sweeping.begin();
        let cookies = request.extensions().get::<Cookies>().cloned().unwrap_or_default();
        let site = Arc::clone(self.logto.shared.sites.of(&request));
        let session = AuthSession::new(self.logto.clone(), site, cookies, request.method(), request.headers());
        let functions = self.functions.as_deref();
        let session = match judge(
            &self.logto.shared.web,
            session.address(),
            functions,
            &request,
            session.has_cookie(),
        ) {
            Verdict::Pass => session,
            Verdict::PassWithoutSession => session.without_cookies(),
            Verdict::Refuse(refusal) => {
                let refused = refusal.answer(&request);
                return Box::pin(async { Ok(refused) });
            }
        };
        let (mut request, limit) = BodyLimit::put_on(functions, request);
        request.extensions_mut().insert(session.clone());
        let prepares = session.has_cookie() && unavailable::is_document(&request);
        // The service that is ready goes along; a clone, which may not be, stays for the next request.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        Box::pin(async move {
            let mut response = if prepares && session.renew_expiring().await.is_err() {
                unavailable::page()
            } else {
                inner.call(request).await?
            };
            if let Some(limit) = limit {
                response = limit.judge(response);
            }
            let involved = session.write_back();
            if involved == Involved::Unknown {
                unavailable::mark(&mut response);
            }
            if involved != Involved::No || is_page(response.headers()) {
                forbid_shared_caching(response.headers_mut());
            }
            Ok(response)
        })
    }
}

/// A page may ask for the session while it streams, when it is too late for headers.
fn is_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// No cache between here and the browser may keep what depends on a session (CVE-2025-48947).
fn forbid_shared_caching(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.append(header::VARY, HeaderValue::from_static("Cookie"));
}
