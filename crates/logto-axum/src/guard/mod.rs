//! What the layer refuses before anything of the app sees it.

pub(crate) mod fetch_metadata;
pub(crate) mod initiator;
pub(crate) mod server_functions;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::{
    address::Address,
    advice::advice,
    config::check::CheckedWebConfig,
    guard::fetch_metadata::{Source, changes_state, is_opened_without_page, source_of},
    guard::server_functions::{FunctionPath, ServerFunctions},
    pages::page,
    pages::unavailable::wants_page,
};

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    CrossSite,
    ServerFunctionByGet,
    BodyTooLarge,
}

/// What becomes of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Pass,
    /// As if it carried no session: it comes from another site, to a path that is open to them.
    PassWithoutSession,
    Refuse(Refusal),
}

/// Judges a request by its head.
pub(crate) fn judge<B>(
    web: &CheckedWebConfig,
    address: &Address,
    functions: Option<&ServerFunctions>,
    request: &Request<B>,
    has_session_cookie: bool,
) -> Verdict {
    let (method, path, headers) = (request.method(), request.uri().path(), request.headers());
    let function = FunctionPath::new(address, path);
    let limit = functions.and_then(|functions| functions.body_limit_for(method, function));
    if limit.is_some_and(|limit| said_length(headers).is_some_and(|length| length > limit)) {
        return Verdict::Refuse(Refusal::BodyTooLarge);
    }
    let refusal = if changes_state(method, headers) {
        Refusal::CrossSite
    } else if functions.is_some_and(|functions| functions.guards_get(method, function, headers)) {
        Refusal::ServerFunctionByGet
    } else {
        return Verdict::Pass;
    };
    // A link in an e-mail calls a function by GET as well as one on a page does; nothing sends a
    // form from there.
    let is_linked = refusal == Refusal::ServerFunctionByGet && is_opened_without_page(headers);
    match source_of(headers, &address.origin) {
        Source::ThisSite | Source::OtherName if !is_linked => Verdict::Pass,
        // A program with credentials of its own: nothing comes along by itself that another site
        // could make use of.
        Source::Unsaid if !has_session_cookie => Verdict::Pass,
        _ if web.is_open(address.within(path)) => Verdict::PassWithoutSession,
        _ => Verdict::Refuse(refusal),
    }
}

fn said_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl Refusal {
    fn code(self) -> &'static str {
        match self {
            Self::CrossSite => "cross_site_request",
            Self::ServerFunctionByGet => "server_function_by_get",
            Self::BodyTooLarge => "body_too_large",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::CrossSite | Self::ServerFunctionByGet => StatusCode::FORBIDDEN,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// The answer: a page where a browser opens one, else text.
    pub(crate) fn answer<B>(self, request: &Request<B>) -> Response {
        let origin = request.headers().get(header::ORIGIN);
        tracing::warn!(code = self.code(), method = %request.method(), path = request.uri().path(), ?origin, "a request was refused");
        self.response(wants_page(request.headers()))
    }

    pub(crate) fn response(self, as_page: bool) -> Response {
        let advice = advice(self.code());
        let (title, text, code) = (advice.title, advice.advice, advice.code);
        let mut response = if as_page {
            page(title, &format!("<p>{text}</p><p>Code: <code>{code}</code></p>"))
        } else {
            let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (no_store, format!("{code}: {title}. {text}\n")).into_response()
        };
        *response.status_mut() = self.status();
        response
    }
}

/// A body with a limit, and whether it went beyond.
pub(crate) struct BodyLimit {
    exceeded: Arc<AtomicBool>,
    as_page: bool,
}

impl BodyLimit {
    /// Puts the limit of the function that is called on the body.
    pub(crate) fn put_on(
        functions: Option<&ServerFunctions>,
        address: &Address,
        request: Request<Body>,
    ) -> (Request<Body>, Option<Self>) {
        let path = FunctionPath::new(address, request.uri().path());
        let Some(limit) = functions.and_then(|functions| functions.body_limit_for(request.method(), path)) else {
            return (request, None);
        };
        let exceeded = Arc::new(AtomicBool::new(false));
        let noted = Arc::clone(&exceeded);
        let limited = Self {
            exceeded,
            as_page: wants_page(request.headers()),
        };
        let request = request.map(|body| {
            Body::new(Limited::new(body, limit).map_err(move |error| {
                if error.is::<LengthLimitError>() {
                    noted.store(true, Ordering::Relaxed);
                }
                error
            }))
        });
        (request, Some(limited))
    }

    /// The function has met the end of what it may read and says so in its own way: this says it in
    /// ours.
    pub(crate) fn judge(&self, response: Response) -> Response {
        if self.exceeded.load(Ordering::Relaxed) {
            return Refusal::BodyTooLarge.response(self.as_page);
        }
        response
    }
}
