//! WebSocket handshakes.

use http::{HeaderMap, header};

/// Whether a request asks for an upgrade to WebSocket (RFC 6455 §4.1). Over HTTP/2 the handshake is
/// a CONNECT, which is not a safe method.
pub(crate) fn opens_web_socket(headers: &HeaderMap) -> bool {
    if !headers.contains_key(header::UPGRADE) {
        return false;
    }
    let values = headers.get_all(header::UPGRADE).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|protocol| protocol.trim().eq_ignore_ascii_case("websocket"))
}
