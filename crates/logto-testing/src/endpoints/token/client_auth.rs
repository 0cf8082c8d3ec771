//! Client authentication at the token and revocation endpoints, RFC 6749 §2.3.

use axum::http::{HeaderMap, header};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use url::form_urlencoded;

use super::super::error::OidcError;
use crate::{config::MachineApp, provider::Provider, requests::Params};

/// The authenticated client.
#[derive(Clone, Copy)]
pub(crate) enum Client<'a> {
    /// The app with which users sign in.
    App,
    Machine(&'a MachineApp),
}

/// Checks the request's form and authenticates the client. A confidential client sends its secret
/// in the header or in the form; a public client has none.
pub(crate) fn authenticate<'a>(
    provider: &'a Provider,
    headers: &HeaderMap,
    params: &Params,
) -> Result<Client<'a>, OidcError> {
    check_form(headers, params)?;
    let header = basic(headers)?;
    let in_form = params.get("client_secret").map(str::to_owned);
    if header.is_some() && in_form.is_some() {
        return Err(OidcError::invalid_request(
            "client authentication must only be provided using one mechanism",
        ));
    }
    let (in_header, header_secret) = header.unzip();
    let id = match (in_header, params.get("client_id")) {
        (Some(header), Some(form)) if header != form => return Err(OidcError::invalid_request("client_id mismatch")),
        (Some(header), _) => header,
        (None, Some(form)) => form.to_owned(),
        (None, None) => {
            return Err(OidcError::invalid_request(
                "no client authentication mechanism provided",
            ));
        }
    };
    let mut machines = provider.config.machine_apps.iter();
    let (client, secret) = if id == provider.config.app_id {
        (Client::App, provider.config.app_secret.as_ref())
    } else if let Some(app) = machines.find(|app| app.id == id) {
        (Client::Machine(app), Some(&app.secret))
    } else {
        return Err(OidcError::unknown_client(&id));
    };
    if header_secret.or(in_form).as_ref() == secret {
        Ok(client)
    } else {
        Err(OidcError::client_authentication_failed())
    }
}

fn check_form(headers: &HeaderMap, params: &Params) -> Result<(), OidcError> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if content_type.split(';').next() != Some("application/x-www-form-urlencoded") {
        return Err(OidcError::invalid_request(
            "only application/x-www-form-urlencoded content-type bodies are supported",
        ));
    }
    match params.repeated("") {
        Some(name) => Err(OidcError::invalid_request(&format!(
            "'{name}' parameter must not be provided twice"
        ))),
        None => Ok(()),
    }
}

/// Id and secret of an `Authorization: Basic` header, decoded from their form encoding (RFC 6749
/// §2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, OidcError> {
    let Some(header) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let invalid = || OidcError::invalid_request("invalid authorization header value format");
    let (scheme, value) = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or_else(invalid)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(invalid());
    }
    let bytes = BASE64_STANDARD.decode(value).map_err(|_| invalid())?;
    let text = String::from_utf8(bytes).map_err(|_| invalid())?;
    let (id, secret) = text.split_once(':').ok_or_else(invalid)?;
    Ok(Some((decode(id), decode(secret))))
}

fn decode(encoded: &str) -> String {
    // Parsed as the only key of a form: an encoded value has no bare `&` or `=`.
    form_urlencoded::parse(encoded.as_bytes())
        .map(|(key, _)| key.into_owned())
        .next()
        .unwrap_or_default()
}
