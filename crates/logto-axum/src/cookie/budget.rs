//! Cookie size budgets for requests and responses, in bytes.
//!
//! | limit | source |
//! |---|---|
//! | 4,096 bytes of a response's head | nginx, `proxy_buffer_size`: one page of memory, which is 4 kB on most machines, 8 kB on some |
//! | 8,190 bytes of one line of a request | Apache, `LimitRequestFieldSize`; nginx, `large_client_header_buffers` (8 kB) |
//!
//! Beyond these limits a proxy responds with 400, 431 or 502 in place of the app. The rest of each
//! limit is left for other response headers, the return path of a callback, and the app's own
//! cookies.

/// Default size limit of a session's `Set-Cookie` headers, in bytes; keeps a response head below 4
/// kB.
pub(crate) const SESSION: usize = 2_750;

/// Size limit of a session that exceeds the default even without access tokens, in bytes; keeps
/// response heads, and requests that also carry pending sign-ins, below 8 kB.
const LARGE_SESSION: usize = 4_600;

/// Size limit of all transaction cookies of a browser together, in bytes.
pub(crate) const TRANSACTIONS: usize = 3_000;

/// The size limit of a session that exceeds `budget` even without access tokens, in bytes.
pub(crate) fn large_session(budget: usize) -> usize {
    budget.max(LARGE_SESSION)
}

/// The length of a `Set-Cookie` header with a cookie of this length, attributes included.
pub(crate) const fn header(cookie: usize) -> usize {
    "set-cookie: \r\n".len() + cookie
}
