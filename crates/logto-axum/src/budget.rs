//! How much room cookies take: one budget for requests and responses.
//!
//! | limit | where it comes from |
//! |---|---|
//! | 4,096 bytes of a response's head | nginx, `proxy_buffer_size`: one page of memory, which is 4 kB on most machines, 8 kB on some |
//! | 8,190 bytes of one line of a request | Apache, `LimitRequestFieldSize`; nginx, `large_client_header_buffers` (8 kB) |
//!
//! A proxy answers 502, or the request 400 or 431, in place of the app, which never learns of it. What the cookies leave free is for the other
//! headers of the response, for the return path of a callback, and for the app's own cookies.

/// What the cookies of a session take in a response, by default. With them a head stays below 4 kB.
pub(crate) const SESSION: usize = 2_750;

/// What a session may take that is larger than that without any access token: many organizations or claims. A head with it, and a request with
/// it and the sign-ins under way, stay below 8 kB.
const LARGE_SESSION: usize = 4_600;

/// What sign-ins under way may take together in a request.
pub(crate) const TRANSACTIONS: usize = 3_000;

/// What a session may take that is larger than the budget without any access token.
pub(crate) fn large_session(budget: usize) -> usize {
    budget.max(LARGE_SESSION)
}

/// The length of a `Set-Cookie` header with a cookie of this length, attributes included.
pub(crate) const fn header(cookie: usize) -> usize {
    "set-cookie: \r\n".len() + cookie
}
