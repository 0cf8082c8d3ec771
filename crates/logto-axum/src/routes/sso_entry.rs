//! `GET` of the single sign-on entry: a sign-in that begins at the identity provider (SAML).
//!
//! Logto keeps the provider's assertion and redirects here with the id of the connector. The
//! sign-in that starts here is an ordinary one, with `state`, `nonce` and PKCE.

use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};
use logto::{DirectSignIn, InvalidParameter, Prompt, SignInOptions};
use url::form_urlencoded;

use super::{failure, see_other::see_other};
use crate::{
    error::{RouteError, SessionError},
    guard::fetch_metadata::is_document,
    session::AuthSession,
};

/// The query parameter with the id of the connector.
const CONNECTOR: &str = "ssoConnectorId";

/// The maximum length of an id, in bytes. Those of Logto are shorter.
const MAX_ID: usize = 128;

pub(crate) async fn start(session: AuthSession, request: Request) -> Response {
    if !is_document(&request) {
        return SessionError::NavigationNeeded.into_response();
    }
    let connector = match connector(request.uri().query().unwrap_or_default()) {
        Ok(Some(connector)) => connector,
        // A person has typed the address.
        Ok(None) => return see_other(&session.address().absolute("/")),
        Err(error) => return failure::respond(&session, &error.into(), None),
    };
    // Without `login`, a session at Logto would take the place of the assertion.
    let options = SignInOptions::new()
        .with_direct_sign_in(connector)
        .with_prompt([Prompt::Login])
        .with_post_redirect("/");
    match session.start_sign_in(options).await {
        Ok(url) => see_other(url.as_str()),
        Err(error @ (SessionError::Prefetch | SessionError::NavigationNeeded)) => error.into_response(),
        Err(error) => failure::respond(&session, &RouteError::from(error), None),
    }
}

/// Reads the connector. `None` if the query has none.
fn connector(query: &str) -> Result<Option<DirectSignIn>, InvalidParameter> {
    let fields = form_urlencoded::parse(query.as_bytes());
    let mut ids = fields.filter(|(name, _)| name == CONNECTOR);
    match (ids.next(), ids.next()) {
        (None, _) => Ok(None),
        (Some((_, id)), None) if id.len() <= MAX_ID => {
            let connector = DirectSignIn::sso(&id).map_err(|_| InvalidParameter(CONNECTOR))?;
            Ok(Some(connector))
        }
        _ => Err(InvalidParameter(CONNECTOR)),
    }
}
