//! Sign-out, OpenID Connect RP-Initiated Logout 1.0 §2: a page with a form that submits itself.

pub(crate) mod redirect;

use axum::{
    Extension,
    extract::State,
    http::HeaderMap,
    response::{Html, IntoResponse as _, Response},
};
use serde_json::Value;
use url::Url;

use self::redirect::redirect;
pub(crate) use self::redirect::{CONFIRM, SUCCESS};
use super::error::OidcError;
use crate::{
    interactive,
    provider::{PendingLogout, Provider, SharedProvider},
    random,
    requests::Params,
    tokens::jwt,
};

pub(crate) async fn show(
    State(provider): SharedProvider,
    headers: HeaderMap,
    Extension(params): Extension<Params>,
) -> Result<Response, OidcError> {
    let return_to = return_to(&provider, &params)?;
    if let Some(pages) = &provider.config.pages {
        return Ok(interactive::sign_out::ask(&provider, pages, &headers, return_to));
    }
    let xsrf = random::id();
    let action = format!("{}{CONFIRM}", provider.public_endpoint());
    let page = format!(
        "<!doctype html><title>Signing out</title><form id=\"op.logoutForm\" method=\"post\" action=\"{action}\">\
         <input type=\"hidden\" name=\"xsrf\" value=\"{xsrf}\"/><input type=\"hidden\" name=\"logout\" value=\"yes\"/>\
         </form><script>document.forms[0].submit()</script>"
    );
    provider.state().logout = Some(PendingLogout { xsrf, return_to });
    Ok(Html(page).into_response())
}

/// The post-logout redirect URI with the `state`, if the request names one and identifies the
/// client by its id or an ID token.
fn return_to(provider: &Provider, params: &Params) -> Result<Option<String>, OidcError> {
    let hinted = match params.get("id_token_hint") {
        Some(hint) => {
            // An expired ID token is accepted: only signature and audience matter.
            let claims = jwt::verified_claims(hint, &provider.keys)
                .ok_or_else(|| OidcError::invalid_request("could not validate id_token_hint"))?;
            claims.get("aud").and_then(Value::as_str).map(str::to_owned)
        }
        None => None,
    };
    let named = params.get("client_id").map(str::to_owned);
    if hinted.is_some() && named.is_some() && hinted != named {
        return Err(OidcError::invalid_request(
            "client_id does not match the provided id_token_hint",
        ));
    }
    let Some(client) = hinted.or(named) else {
        return Ok(None);
    };
    if client != provider.config.app_id {
        return Err(OidcError::unknown_client(&client));
    }
    let Some(uri) = params.get("post_logout_redirect_uri") else {
        return Ok(None);
    };
    if !provider
        .config
        .post_logout_redirect_uris
        .iter()
        .any(|registered| registered == uri)
        && !provider.config.accepts_loopback(uri)
    {
        return Err(OidcError::invalid_request("post_logout_redirect_uri not registered"));
    }
    Ok(Some(with_state(uri, params.get("state"))))
}

fn with_state(uri: &str, state: Option<&str>) -> String {
    let Some(state) = state else { return uri.to_owned() };
    let mut url = Url::parse(uri).expect("a registered sign-out URI is a URL");
    url.query_pairs_mut().append_pair("state", state);
    url.into()
}

/// Ends the browser's session. Grants with `offline_access` stay valid, with all their tokens.
pub(crate) async fn confirm(
    State(provider): SharedProvider,
    headers: HeaderMap,
    body: String,
) -> Result<Response, OidcError> {
    let params = Params::parse(body.as_bytes());
    if provider.config.pages.is_some() {
        return interactive::sign_out::confirm(&provider, &headers, &params);
    }
    let mut state = provider.state();
    let pending = state
        .logout
        .take()
        .ok_or_else(|| OidcError::invalid_request("could not find logout details"))?;
    if params.get("xsrf") != Some(&pending.xsrf) {
        return Err(OidcError::invalid_request("xsrf token invalid"));
    }
    if let Some(session) = state.browser.take() {
        state
            .grants
            .revoke_where(|grant| grant.sid == session.sid && !grant.oidc_scopes.contains("offline_access"));
    }
    Ok(redirect(&provider, pending))
}

pub(crate) async fn success(State(provider): SharedProvider) -> Response {
    match &provider.config.pages {
        Some(pages) => interactive::sign_out::success(pages),
        None => Html("<!doctype html><title>Signed out</title><p>You are signed out.</p>").into_response(),
    }
}
