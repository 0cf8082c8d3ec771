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
    cookie::disguised::CookieText,
    guard::initiator::accepts_html,
    guard::server_functions::ServerFunctions,
    guard::{BodyLimit, Verdict, judge},
    headers::caching::{forbid_caching, forget_pages, is_public},
    headers::security::is_page,
    headers::static_pages::StaticPages,
    logto::Logto,
    pages::failure,
    pages::unavailable,
    session::{AuthSession, Involved},
};

/// Gives every request an [`AuthSession`](crate::AuthSession) and writes the session cookie back
/// when it has changed.
///
/// The cookie is opened when somebody asks for the session: static files never pay for that. It is
/// written when the response's head is ready; a token that is refreshed later, while the body
/// streams, is remembered and written with the next response.
///
/// What ends soon is renewed before a page is rendered: after the service inside is called, but
/// before its future is first polled.
///
/// What changes state, web sockets included, is refused with 403 when a page of another site sends
/// it ([`WebConfig::open_paths`](crate::WebConfig::open_paths) are excepted). A request that has
/// neither `Sec-Fetch-Site` nor `Origin` comes from a program; it passes unless it carries a
/// session cookie.
///
/// Responses are marked `private, no-store` and `Vary: Cookie`, whatever they said about caching
/// before, when they
/// - asked for the session, even if there is none, or set a cookie;
/// - could still ask for it while the body streams, or are HTML, unless they say `Cache-Control:
///   public` themselves. The session of a `public` response ends with its head: its body gets
///   [`AuthError::ResponsePublic`](crate::AuthError::ResponsePublic);
/// - answer a request that may change something, and say nothing about caching.
///
/// Everything else is left as it is, and so are static pages ([`LogtoLayer::with_static_pages`]).
///
/// Every response gets `X-Content-Type-Options`, `Referrer-Policy` and, with https,
/// `Strict-Transport-Security`; documents (HTML, XML and SVG) also get `Content-Security-Policy`. A
/// header that the response has already stands: to change one for a page, set it.
#[derive(Clone, Debug)]
pub struct LogtoLayer {
    logto: Logto,
    functions: Option<Arc<ServerFunctions>>,
    static_pages: Option<Arc<StaticPages>>,
}

impl LogtoLayer {
    pub(crate) fn new(logto: Logto) -> Self {
        Self {
            logto,
            functions: None,
            static_pages: None,
        }
    }

    /// Tells the layer the app's server functions: other sites may not call those by GET either,
    /// unless [`ServerFunctions::allow_get`] opens them, and the bodies of the others are limited
    /// (413).
    #[must_use]
    pub fn with_server_functions(mut self, functions: ServerFunctions) -> Self {
        self.functions = Some(Arc::new(functions));
        self
    }

    /// Tells the layer which routes are rendered once for all users (Leptos's `SsrMode::Static`),
    /// as axum writes them (`/posts/{slug}`). Their policy allows the inline scripts that were
    /// rendered with them, by their hashes, because a file cannot have a new nonce each time;
    /// without this their scripts do not run. Caching of them is left to the app.
    ///
    /// With Leptos use `logto_leptos::static_pages`, which finds them in the list of routes.
    #[must_use]
    pub fn with_static_pages(mut self, routes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.static_pages = Some(Arc::new(StaticPages::new(routes)));
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
        let LogtoLayer {
            logto,
            functions,
            static_pages,
        } = &self.layer;
        logto.shared.sweeping.begin();
        let cookies = request.extensions().get::<Cookies>().cloned().unwrap_or_default();
        let site = logto.shared.sites.of(&request);
        let functions = functions.as_deref();
        let session = AuthSession::new(logto.clone(), site, cookies, functions, &request);
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
        let (mut request, limit) = BodyLimit::put_on(functions, session.address(), request);
        request.extensions_mut().insert(session.clone());
        let changes = !request.method().is_safe();
        let wants_page = unavailable::wants_page(request.headers());
        let accepts_html = accepts_html(request.headers());
        let static_page = static_pages.as_ref().and_then(|pages| {
            let route = pages.route_of(session.address(), &request)?;
            Some((Arc::clone(pages), route))
        });
        let prepares = session.has_cookie() && unavailable::is_document(&request);
        // Called without a copy of it, and asked for its answer once the session is renewed.
        let answer = self.inner.call(request);
        Box::pin(async move {
            let mut response = if prepares && session.renew_before_page().await.is_err() {
                unavailable::page()
            } else {
                answer.await?
            };
            if let Some(limit) = limit {
                response = limit.judge(response);
            }
            if wants_page {
                response = failure::shown_to_a_person(response, &session);
            }
            let is_public = is_public(response.headers());
            let involved = session.write_back(is_public);
            if involved == Involved::Unknown {
                unavailable::mark(&mut response);
            } else {
                session.apply_redirect(&mut response, accepts_html);
            }
            let headers = response.headers_mut();
            // A server function may answer before it asks for the session.
            let is_open_answer = changes && !headers.contains_key(header::CACHE_CONTROL);
            let may_depend = !is_public && (session.is_held() || is_page(headers) && static_page.is_none());
            if involved != Involved::No || may_depend || is_open_answer {
                forbid_caching(headers);
            }
            if session.lock().signed_out {
                forget_pages(headers);
            }
            let security = &session.shared().headers;
            let mut policy = session.take_content_security_policy();
            if let (Some(of_pages), Some((pages, route)), None) = (&security.policy, static_page, &policy) {
                let (page, digests) = pages.with_digests(&route, response).await;
                response = page;
                policy = Some(of_pages.to_header_with_hashes(&digests));
            }
            security.add_to(response.headers_mut(), policy);
            Ok(response)
        })
    }
}
