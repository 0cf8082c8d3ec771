//! The guard: decides by the head of a request whether the app may see it.

pub(crate) mod body_limit;
pub(crate) mod fetch_metadata;
pub(crate) mod refusal;
pub(crate) mod refusal_log;
pub(crate) mod server_functions;
pub(crate) mod web_socket;

use http::{HeaderMap, Method, Request, header};

use crate::{
    address::Address,
    config::check::CheckedWebConfig,
    guard::{
        fetch_metadata::{Source, is_opened_without_page, source_of},
        refusal::Refusal,
        server_functions::{FunctionPath, ServerFunctions},
        web_socket::opens_web_socket,
    },
};

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Pass,
    /// The request comes from another site to an open path: it passes as if it had no session.
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
    if limit.is_some_and(|limit| content_length(headers).is_some_and(|length| length > limit)) {
        return Verdict::Refuse(Refusal::BodyTooLarge);
    }
    let refusal = if changes_state(method, headers) {
        Refusal::CrossSite
    } else if functions.is_some_and(|functions| functions.guards_get(method, function, headers)) {
        Refusal::ServerFunctionByGet
    } else {
        return Verdict::Pass;
    };
    // A link in an email can call a function by GET, but cannot send a form.
    let is_linked = refusal == Refusal::ServerFunctionByGet && is_opened_without_page(headers);
    match source_of(headers, &address.origin) {
        Source::ThisSite | Source::OtherHost if !is_linked => Verdict::Pass,
        // A program with its own credentials: there is no cookie that another site could abuse.
        Source::Unknown if !has_session_cookie => Verdict::Pass,
        _ if web.is_open(address.within(path)) => Verdict::PassWithoutSession,
        _ => Verdict::Refuse(refusal),
    }
}

fn content_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Whether a request may change state: by its method (RFC 9110 §9.2.1), or because it opens a
/// WebSocket, which is a GET that browsers send across sites with cookies (RFC 6455 §10.2).
fn changes_state(method: &Method, headers: &HeaderMap) -> bool {
    !method.is_safe() || opens_web_socket(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_websocket_changes_state_although_it_is_a_get() {
        let mut headers = HeaderMap::new();
        assert!(!changes_state(&Method::GET, &headers));
        assert!(changes_state(&Method::CONNECT, &headers));
        for upgrade in ["websocket", "WebSocket", "h2c, websocket"] {
            headers.insert(header::UPGRADE, upgrade.parse().unwrap());
            assert!(changes_state(&Method::GET, &headers), "{upgrade}");
        }
        headers.insert(header::UPGRADE, "h2c".parse().unwrap());
        assert!(!changes_state(&Method::GET, &headers));
    }
}
