//! The layer: a session for every request, its cookie written once, before the head goes out.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::body::Body;
use http::{Request, Response, header};
use tower::{Layer, Service, util::MapResponse};
use tower_cookies::{CookieManager, Cookies};

use crate::{
    caching::forbid_caching,
    cookie_text::CookieText,
    guard::{BodyLimit, Verdict, judge},
    logto::Logto,
    response_headers::is_page,
    server_functions::ServerFunctions,
    session::{AuthSession, Involved},
    unavailable,
};

/// Gives every request an [`AuthSession`](crate::AuthSession) and writes the session cookie back when it has changed.
///
/// The cookie is opened when somebody asks for the session: static files never pay for that. It is written when the response's head
/// is ready; a token that is refreshed later, while the body streams, is remembered and written with the next response.
///
/// What ends soon is renewed before a page is rendered: after the service inside is called, but before its future is first polled.
///
/// What changes state, web sockets included, is refused with 403 when a page of another site sends it
/// ([`WebConfig::open_paths`](crate::WebConfig::open_paths) are excepted). A request that has neither `Sec-Fetch-Site` nor `Origin` comes
/// from a program; it passes unless it carries a session cookie.
///
/// What depends on a session or sets a cookie is marked `private, no-store` and `Vary: Cookie`, whatever it said about caching before.
/// Every response gets `X-Content-Type-Options`, `Referrer-Policy` and, with https, `Strict-Transport-Security`; every page also
/// `Content-Security-Policy`. One that a response has already stands: to change one for a page, set it.
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
    type Service = MapResponse<CookieText<CookieManager<LogtoService<S>>>, fn(Response<Body>) -> Response<Body>>;

    fn layer(&self, inner: S) -> Self::Service {
        let service = LogtoService {
            layer: self.clone(),
            inner,
        };
        MapResponse::new(CookieText::new(CookieManager::new(service)), keep_no_cookies)
    }
}

/// No cache may hand out the cookies of one browser to another.
fn keep_no_cookies(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    if headers.contains_key(header::SET_COOKIE) {
        forbid_caching(headers);
    }
    response
}

/// The part of [`LogtoLayer`] that knows the session.
#[derive(Clone, Debug)]
pub struct LogtoService<S> {
    layer: LogtoLayer,
    inner: S,
}

impl<S> Service<Request<Body>> for LogtoService<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let LogtoLayer { logto, functions } = &self.layer;
        logto.shared.sweeping.begin();
        let cookies = request.extensions().get::<Cookies>().cloned().unwrap_or_default();
        let site = logto.shared.sites.of(&request);
        let session = AuthSession::new(logto.clone(), site, cookies, request.method(), request.headers());
        let functions = functions.as_deref();
        let session = match judge(
            &logto.shared.web,
            session.address(),
            functions,
            &request,
            session.has_cookie(),
        ) {
            Verdict::Pass => session,
            Verdict::PassWithoutSession => session.without_cookies(),
            Verdict::Refuse(refusal) => {
                let mut refused = refusal.answer(&request);
                let headers = refused.headers_mut();
                forbid_caching(headers);
                logto.shared.headers.add_to(headers, None);
                return Box::pin(async { Ok(refused) });
            }
        };
        let (mut request, limit) = BodyLimit::put_on(functions, request);
        request.extensions_mut().insert(session.clone());
        let changes = !request.method().is_safe();
        let prepares = session.has_cookie() && unavailable::is_document(&request);
        // Called without a copy of it, and asked for its answer once the session is renewed.
        let answer = self.inner.call(request);
        Box::pin(async move {
            let mut response = if prepares && session.renew_expiring().await.is_err() {
                unavailable::page()
            } else {
                answer.await?
            };
            if let Some(limit) = limit {
                response = limit.judge(response);
            }
            let involved = session.write_back();
            if involved == Involved::Unknown {
                unavailable::mark(&mut response);
            }
            let headers = response.headers_mut();
            // What a server function answers before it asks for the session is nobody's to keep either.
            let is_open_answer = changes && !headers.contains_key(header::CACHE_CONTROL);
            if involved != Involved::No || session.is_held() || is_page(headers) || is_open_answer {
                forbid_caching(headers);
            }
            session
                .shared()
                .headers
                .add_to(headers, session.take_content_security_policy());
            Ok(response)
        })
    }
}
