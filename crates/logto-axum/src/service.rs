//! The service that [`LogtoLayer`](crate::LogtoLayer) makes. It loads the session of a request,
//! guards the app, and completes the response.

use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::body::Body;
use http::{Request, Response, StatusCode, header};
use tower::Service;
use tower_cookies::{CookieManager, Cookies, service::future as tower_cookies_future};

use crate::{
    address::{Address, sites::Site},
    cookie::header::SentCookies,
    guard::{
        Verdict,
        body_limit::BodyLimit,
        fetch_metadata::{accepts_html, is_document, wants_page},
        judge,
        refusal::Refusal,
        server_functions::ServerFunctions,
    },
    headers::{
        caching::{drop_cached_pages, forbid_caching, is_public},
        security::is_page,
        static_pages::StaticPages,
    },
    logto::Logto,
    pages::{failure, unavailable},
    session::{AuthSession, response::DependsOnSession},
    set_up::findings::ExpectedRoute,
};

/// The settings of the layer.
#[derive(Clone, Debug)]
pub(crate) struct LayerOptions {
    pub(crate) logto: Logto,
    pub(crate) functions: Option<Arc<ServerFunctions>>,
    pub(crate) static_pages: Option<Arc<StaticPages>>,
    /// Whether the first request starts the self-check, unless it is running.
    pub(crate) watches_set_up: bool,
}

/// The service that [`LogtoLayer`](crate::LogtoLayer) wraps around another.
#[derive(Clone, Debug)]
pub struct LogtoService<S> {
    options: LayerOptions,
    inner: S,
}

impl<S> LogtoService<S> {
    pub(crate) fn new(options: LayerOptions, inner: S) -> Self {
        Self { options, inner }
    }
}

impl<S> Service<Request<Body>> for LogtoService<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let shared = &self.options.logto.shared;
        shared.sweeper.start();
        if self.options.watches_set_up {
            self.options.logto.start_set_up_watch();
        }
        let site = shared.sites.of(&request);
        let sent = SentCookies::read(request.headers_mut(), &site.cookies.names);
        let with_session = WithSession {
            options: &self.options,
            inner: &mut self.inner,
            site,
            sent,
        };
        ResponseFuture(CookieManager::new(with_session).call(request))
    }
}

type BoxFuture<E> = Pin<Box<dyn Future<Output = Result<Response<Body>, E>> + Send>>;

/// The future of [`LogtoService`].
pub struct ResponseFuture<E>(tower_cookies_future::ResponseFuture<BoxFuture<E>>);

impl<E> Future for ResponseFuture<E> {
    type Output = Result<Response<Body>, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut response = ready!(Pin::new(&mut self.0).poll(cx))?;
        // No cache may send the cookies of one browser to another.
        if response.headers().contains_key(header::SET_COOKIE) {
            forbid_caching(response.headers_mut());
        }
        Poll::Ready(Ok(response))
    }
}

impl<E> fmt::Debug for ResponseFuture<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

/// One call of the service, within the cookie jar: the jar writes `Set-Cookie` after it.
struct WithSession<'a, S> {
    options: &'a LayerOptions,
    inner: &'a mut S,
    site: Arc<Site>,
    sent: SentCookies,
}

impl<S> Service<Request<Body>> for WithSession<'_, S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let LayerOptions {
            logto,
            functions,
            static_pages,
            ..
        } = self.options;
        let functions = functions.as_deref();
        let cookies = request.extensions().get::<Cookies>().cloned().unwrap_or_default();
        let (site, sent) = (Arc::clone(&self.site), mem::take(&mut self.sent));
        let session = AuthSession::new(logto.clone(), site, sent, cookies, functions, &request);
        let address = session.address();
        let session = match judge(&logto.shared.web, address, functions, &request, session.has_cookie()) {
            Verdict::Pass => session,
            Verdict::PassWithoutSession => session.without_cookies(),
            Verdict::Refuse(refusal) => {
                let refused = refuse(logto, refusal, &request, address, functions);
                return Box::pin(async { Ok(refused) });
            }
        };
        let paths = logto.shared.web.paths();
        logto.shared.findings.on_request(&request, paths);
        let expected_route = ExpectedRoute::of(&request, session.address(), paths);
        let (mut request, limit) = BodyLimit::apply(functions, session.address(), request);
        request.extensions_mut().insert(session.clone());
        let renews = session.has_cookie() && is_document(&request);
        let silent_step = session.silent_step(&request);
        let answered = Answered {
            expected_route,
            limit,
            is_unsafe: !request.method().is_safe(),
            wants_page: wants_page(request.headers()),
            accepts_html: accepts_html(request.headers()),
            static_page: static_pages.as_ref().and_then(|pages| {
                let route = pages.route_of(session.address(), &request)?;
                Some((Arc::clone(pages), route))
            }),
            session,
        };
        // Called before the session is renewed, which saves a clone of the service. The future is
        // polled only after the renewal.
        let answer = self.inner.call(request);
        Box::pin(async move {
            if let Some(step) = silent_step
                && let Some(redirect) = Box::pin(answered.session.take_silent_step(step)).await
            {
                return Ok(answered.without_page().complete(redirect).await);
            }
            let response = if renews && answered.session.renew_before_page().await.is_err() {
                unavailable::unavailable_page(answered.session.translation())
            } else {
                answer.await?
            };
            Ok(answered.complete(response).await)
        })
    }
}

fn refuse(
    logto: &Logto,
    refusal: Refusal,
    request: &Request<Body>,
    address: &Address,
    functions: Option<&ServerFunctions>,
) -> Response<Body> {
    let shared = &logto.shared;
    shared
        .refusals
        .add(refusal, request, address, shared.web.paths(), functions);
    let texts = shared
        .translations
        .choose(request.headers().get(header::ACCEPT_LANGUAGE));
    let mut refused = refusal.response(wants_page(request.headers()), texts);
    let headers = refused.headers_mut();
    forbid_caching(headers);
    logto.shared.headers.add_to(headers, None);
    refused
}

/// A request that was passed on, as far as its response needs it.
struct Answered {
    session: AuthSession,
    expected_route: Option<ExpectedRoute>,
    limit: Option<BodyLimit>,
    is_unsafe: bool,
    wants_page: bool,
    accepts_html: bool,
    static_page: Option<(Arc<StaticPages>, Arc<str>)>,
}

impl Answered {
    /// For a response that is not the page.
    fn without_page(self) -> Self {
        Self {
            static_page: None,
            ..self
        }
    }

    /// Completes the response when its head is ready: writes the session's cookies, applies
    /// redirects, and sets the headers.
    async fn complete(mut self, mut response: Response<Body>) -> Response<Body> {
        if let Some(route) = self.expected_route.take()
            && matches!(
                response.status(),
                StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
            )
        {
            route.report(&self.session.shared().findings);
        }
        let session = &self.session;
        if let Some(limit) = &self.limit {
            response = limit.judge(response, session.translation());
        }
        session.apply_failure(&mut response);
        if self.wants_page {
            response = failure::replace_bare_code(response, session);
        }
        let is_public = is_public(response.headers());
        let depends = session.write_back(is_public);
        if depends == DependsOnSession::Unknown {
            unavailable::make_unavailable(&mut response);
        } else {
            session.apply_redirect(&mut response, self.accepts_html);
        }
        let headers = response.headers_mut();
        // A server function may answer before it asks for the session.
        let is_open_answer = self.is_unsafe && !headers.contains_key(header::CACHE_CONTROL);
        let may_depend = !is_public && (session.has_other_handles() || is_page(headers) && self.static_page.is_none());
        if depends != DependsOnSession::No || may_depend || is_open_answer {
            forbid_caching(headers);
        }
        if session.lock().signed_out {
            drop_cached_pages(headers);
        }
        let security = &session.shared().headers;
        let mut policy = session.take_content_security_policy();
        if let (Some(of_pages), Some((pages, route)), None) = (&security.policy, &self.static_page, &policy) {
            let (page, digests) = pages.with_digests(route, response).await;
            response = page;
            policy = Some(of_pages.to_header_with_hashes(&digests));
        }
        security.add_to(response.headers_mut(), policy);
        response
    }
}
