//! Checks of an authorization request.

use super::{
    super::error::OidcError,
    scopes::{ORGANIZATIONS_RESOURCE, prompts},
};
use crate::{provider::Provider, requests::Params};

/// Checks client and redirect URI. Errors are shown to the user, because the redirect URI cannot be
/// trusted.
pub(super) fn check_client(provider: &Provider, params: &Params) -> Result<(), OidcError> {
    let client_id = params.get("client_id").ok_or_else(|| OidcError::missing("client_id"))?;
    if client_id != provider.config.app_id {
        return Err(OidcError::unknown_client(client_id));
    }
    let uri = params
        .get("redirect_uri")
        .ok_or_else(|| OidcError::missing("redirect_uri"))?;
    let config = &provider.config;
    if config.redirect_uris.iter().any(|registered| matches(registered, uri)) || config.accepts_loopback(uri) {
        Ok(())
    } else {
        Err(OidcError::invalid_redirect_uri())
    }
}

/// Whether `uri` matches exactly, or the registered URI's `*.` stands for its first host label.
fn matches(registered: &str, uri: &str) -> bool {
    let Some((before, after)) = registered.split_once("://*.") else {
        return registered == uri;
    };
    let label = uri.strip_prefix(before).and_then(|rest| rest.strip_prefix("://"));
    let label = label.and_then(|rest| rest.strip_suffix(&format!(".{after}")));
    label.is_some_and(|label| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

/// Checks everything else. Errors are sent to the callback.
pub(crate) fn check_request(provider: &Provider, params: &Params) -> Result<(), OidcError> {
    if let Some(name) = params.repeated("resource") {
        return Err(OidcError::invalid_request(&format!(
            "'{name}' parameter must not be provided twice"
        )));
    }
    if params.get("request").is_some() {
        return Err(OidcError::other(
            "request_not_supported",
            "request parameter provided but not supported",
        ));
    }
    if params.get("response_type") != Some("code") {
        return Err(OidcError::other(
            "unsupported_response_type",
            "unsupported response_type requested",
        ));
    }
    if params.get("response_mode").is_some_and(|mode| mode != "query") {
        return Err(OidcError::other(
            "unsupported_response_mode",
            "unsupported response_mode requested",
        ));
    }
    if params.get("scope").is_none() {
        return Err(OidcError::missing("scope"));
    }
    check_pkce(provider, params)?;
    check_prompt(params)?;
    let known = |resource: &&str| {
        *resource == ORGANIZATIONS_RESOURCE || provider.config.resources.iter().any(|it| it == resource)
    };
    if params.all("resource").iter().all(known) {
        Ok(())
    } else {
        Err(OidcError::invalid_target())
    }
}

/// Accepts the method `S256` only, RFC 7636 §4.4.1. Public clients must use PKCE.
fn check_pkce(provider: &Provider, params: &Params) -> Result<(), OidcError> {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    match (params.get("code_challenge"), params.get("code_challenge_method")) {
        (Some(challenge), Some("S256")) if challenge.len() == 43 && challenge.bytes().all(unreserved) => Ok(()),
        (Some(_), Some("S256")) => Err(OidcError::invalid_request(
            "code_challenge must be a SHA-256 in base64url",
        )),
        (Some(_), _) => Err(OidcError::invalid_request(
            "not supported value of code_challenge_method",
        )),
        (None, Some(_)) => Err(OidcError::invalid_request(
            "code_challenge must be provided with code_challenge_method",
        )),
        (None, None) if provider.config.app_secret.is_some() => Ok(()),
        (None, None) => Err(OidcError::invalid_request("PKCE must be used for this request")),
    }
}

fn check_prompt(params: &Params) -> Result<(), OidcError> {
    let prompts = prompts(params);
    if let Some(unknown) = prompts
        .iter()
        .find(|prompt| !["none", "login", "consent"].contains(*prompt))
    {
        return Err(OidcError::invalid_request(&format!(
            "unsupported prompt value requested: {unknown}"
        )));
    }
    if prompts.contains("none") && prompts.len() > 1 {
        return Err(OidcError::invalid_request("prompt none must only be used alone"));
    }
    match params.get("max_age") {
        Some(max_age) if max_age.parse::<u64>().is_err() => Err(OidcError::invalid_request("invalid max_age value")),
        _ => Ok(()),
    }
}
