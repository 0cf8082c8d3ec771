//! The paths that a sign-in needs, which a guard lets pass.

use axum::extract::OriginalUri;
use http::request::Parts;

use crate::session::AuthSession;

/// Whether a sign-in could not finish without this path. The path is the one that the browser
/// shows: within a nested router, another route could have the same.
pub(super) fn is_part_of_sign_in(session: &AuthSession, parts: &Parts) -> bool {
    let original = parts.extensions.get::<OriginalUri>();
    let uri = original.map_or(&parts.uri, |OriginalUri(uri)| uri);
    let path = session.address().within(uri.path());
    let paths = session.shared().web.paths();
    paths.serve(&parts.method, path) || paths.error.as_deref().is_some_and(|error| error == path)
}
