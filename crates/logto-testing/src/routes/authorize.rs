//! The authorization endpoint, RFC 6749 §4.1.1. No page: the browser's user agrees at once.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    Extension,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use url::Url;

use super::{Provider, experience};
use crate::{
    browser::AuthorizationRequest,
    claims::OIDC_SCOPES,
    error::OidcError,
    faults::{Callback, CallbackFault},
    grants::{Code, Grant},
    params::Params,
    shared::{BrowserSession, Shared, State as ProviderState},
};

const ORGANIZATIONS_RESOURCE: &str = "urn:logto:resource:organizations";

pub(crate) async fn authorize(
    State(shared): Provider,
    Extension(params): Extension<Params>,
) -> Result<Response, OidcError> {
    let extra = experience::extra(&params);
    shared.state().last_authorization = Some(AuthorizationRequest {
        params: params.clone(),
        extra,
    });
    let redirect_uri = check_client(&shared, &params)?;
    let faults = shared.faults.callback();
    let mut callback = Callback {
        state: params.get("state").map(str::to_owned),
        iss: Some(shared.issuer()),
        ..Callback::default()
    };
    if !faults.iter().any(|fault| matches!(fault, CallbackFault::Error { .. })) {
        let code = check_request(&shared, &params).and_then(|()| sign_in(&shared, &params, redirect_uri));
        match code {
            Ok(code) => callback.code = Some(code),
            Err(error) if error.error == NOBODY_SIGNED_IN => return Err(error),
            Err(error) => callback.error = Some((error.error, Some(error.description))),
        }
    }
    for fault in &faults {
        fault.apply(&mut callback);
    }
    let mut to = Url::parse(redirect_uri).expect("a registered redirect URI is a URL");
    to.query_pairs_mut().extend_pairs(callback.pairs());
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to.to_string())]).into_response())
}

/// No code of any protocol: a real Logto would show its sign-in page here.
const NOBODY_SIGNED_IN: &str = "nobody_signed_in";

/// What cannot be answered with a redirect: an unknown client or redirect URI.
fn check_client<'a>(shared: &Shared, params: &'a Params) -> Result<&'a str, OidcError> {
    let client_id = params.get("client_id").ok_or_else(|| OidcError::missing("client_id"))?;
    if client_id != shared.config.app_id {
        return Err(OidcError::unknown_client(client_id));
    }
    let uri = params
        .get("redirect_uri")
        .ok_or_else(|| OidcError::missing("redirect_uri"))?;
    if shared
        .config
        .redirect_uris
        .iter()
        .any(|registered| is_meant(registered, uri))
    {
        Ok(uri)
    } else {
        Err(OidcError::invalid_redirect_uri())
    }
}

/// Compared exactly, but for a `*`, which stands for one label of the host.
fn is_meant(registered: &str, uri: &str) -> bool {
    let Some((before, after)) = registered.split_once("://*.") else {
        return registered == uri;
    };
    let label = uri.strip_prefix(before).and_then(|rest| rest.strip_prefix("://"));
    let label = label.and_then(|rest| rest.strip_suffix(&format!(".{after}")));
    label.is_some_and(|label| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

/// What is answered with an error at the callback.
fn check_request(shared: &Shared, params: &Params) -> Result<(), OidcError> {
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
    check_pkce(shared, params)?;
    check_prompt(params)?;
    let known = |resource: &&str| {
        *resource == ORGANIZATIONS_RESOURCE || shared.config.resources.iter().any(|it| it == resource)
    };
    if params.all("resource").iter().all(known) {
        Ok(())
    } else {
        Err(OidcError::invalid_target())
    }
}

/// RFC 7636 §4.4.1: S256 only.
fn check_pkce(shared: &Shared, params: &Params) -> Result<(), OidcError> {
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
        (None, None) if shared.config.app_secret.is_some() => Ok(()),
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

fn prompts(params: &Params) -> BTreeSet<&str> {
    params.get("prompt").unwrap_or_default().split_whitespace().collect()
}

/// The user agrees: a grant, and a code for it.
fn sign_in(shared: &Shared, params: &Params, redirect_uri: &str) -> Result<String, OidcError> {
    let now = shared.now();
    let mut state = shared.state();
    let session = session(&mut state, params, now)?;
    if state.user(&session.user_id).is_some_and(|user| user.access_denied) {
        return Err(OidcError::application_denied());
    }
    let (oidc_scopes, resource_scopes) = granted(&state, &session.user_id, params);
    let grant = Grant {
        user_id: session.user_id,
        oidc_scopes,
        resource_scopes,
        nonce: params.get("nonce").map(str::to_owned),
        auth_time: params.get("max_age").map(|_| session.authenticated_at),
        sid: session.sid,
        expires_at: now + shared.config.lifetimes.grant,
    };
    let grant = state.grants.add(grant);
    Ok(state.grants.issue_code(Code {
        grant,
        redirect_uri: redirect_uri.to_owned(),
        challenge: params.get("code_challenge").map(str::to_owned),
        expires_at: now + shared.config.lifetimes.authorization_code,
        used: false,
    }))
}

/// The browser's session, renewed where the request wants a fresh sign-in.
fn session(state: &mut ProviderState, params: &Params, now: u64) -> Result<BrowserSession, OidcError> {
    let prompts = prompts(params);
    let silent = prompts.contains("none");
    let Some(session) = &mut state.browser else {
        return Err(if silent {
            OidcError::other("login_required", "End-User authentication is required")
        } else {
            OidcError::other(NOBODY_SIGNED_IN, "nobody is signed in at the provider: call sign_in_as")
        });
    };
    let max_age = params.get("max_age").and_then(|max_age| max_age.parse::<u64>().ok());
    let too_old = max_age.is_some_and(|max_age| now.saturating_sub(session.authenticated_at) > max_age);
    if silent && too_old {
        return Err(OidcError::other(
            "login_required",
            "requested authentication is too old",
        ));
    }
    if too_old || prompts.contains("login") {
        session.authenticated_at = now;
    }
    Ok(session.clone())
}

type Granted = (BTreeSet<String>, BTreeMap<String, BTreeSet<String>>);

/// The requested scopes that mean something, for the provider itself and for each requested
/// resource.
fn granted(state: &ProviderState, user_id: &str, params: &Params) -> Granted {
    let requested: BTreeSet<String> = params
        .get("scope")
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    // Without `prompt=consent` the scope is dropped silently, OpenID Connect Core 1.0 §11.
    let offline = prompts(params).contains("consent");
    let oidc = requested.iter().filter(|scope| OIDC_SCOPES.contains(&scope.as_str()));
    let oidc = oidc
        .filter(|scope| offline || *scope != "offline_access")
        .cloned()
        .collect();
    let user = state.user(user_id);
    let resources = params.all("resource").into_iter().map(|resource| {
        let available = if resource == ORGANIZATIONS_RESOURCE {
            // The scopes of the organization template, whoever holds them.
            state
                .users
                .iter()
                .flat_map(|user| &user.memberships)
                .flat_map(|it| it.permissions.clone())
                .collect()
        } else {
            user.map(|user| user.scopes_for(resource, None)).unwrap_or_default()
        };
        (
            resource.to_owned(),
            requested.intersection(&available).cloned().collect(),
        )
    });
    (oidc, resources.collect())
}
