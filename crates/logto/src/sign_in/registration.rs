//! Checks whether the application and its redirect URIs are registered at the provider.
//!
//! A provider does not redirect to an unregistered URI (RFC 6749 §4.1.2.1): the user sees an error
//! page of the provider, and the app is not informed. A request with `prompt=none` (OIDC Core
//! §3.1.2.1) reveals this without a user. The end-session endpoint checks the post sign-out
//! redirect URI before it shows a page (RP-Initiated Logout 1.0 §3).

use http::{HeaderValue, Request, Response, StatusCode, header};
use serde::Deserialize;

use super::SignInOptions;
use crate::{
    client::LogtoClient,
    error::{DiscoveryError, RequestError, SignInError, SignOutError},
    prompt::Prompt,
    telemetry::Endpoint,
};

/// Whether an application and one of its redirect URIs are registered at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Registration {
    /// Both are registered.
    Registered,
    /// The redirect URI is not registered.
    RedirectUriUnknown,
    /// The application does not exist.
    ApplicationUnknown,
    /// The response does not show whether they are registered.
    Undecided,
}

impl LogtoClient {
    /// Checks whether a redirect URI for sign-in is registered. It sends one request, and needs
    /// neither a user nor a session.
    ///
    /// # Errors
    ///
    /// The same as [`LogtoClient::start_sign_in`], and if the request fails.
    pub async fn registration(&self, redirect_uri: &str) -> Result<Registration, SignInError> {
        let options = SignInOptions::new()
            .with_redirect_uri(redirect_uri)
            .with_prompt([Prompt::None]);
        let start = self.start_sign_in(options).await?;
        let address = self.config().provider().to_internal(&start.authorization_url);
        let address = address.ok_or(SignInError::Discovery(DiscoveryError::ForeignEndpoint(
            "authorization_endpoint",
        )))?;
        let request = Request::get(address.as_str())
            .header(header::ACCEPT, "application/json")
            .body(Vec::new())
            .map_err(|_| SignInError::InvalidRedirectUri)?;
        let response = self.send(Endpoint::Authorization, request).await;
        let response = response.map_err(|error| SignInError::Discovery(error.into()))?;
        Ok(registration_from(&response, redirect_uri))
    }

    /// Checks whether a post sign-out redirect URI is registered. It sends one request, and needs
    /// neither a user nor a session.
    ///
    /// # Errors
    ///
    /// The same as [`LogtoClient::end_session_url`], and if the request fails.
    pub async fn sign_out_registration(&self, redirect_uri: &str) -> Result<Registration, SignOutError> {
        let url = self.end_session_url(None, redirect_uri).await?;
        let address = self.config().provider().to_internal(&url);
        let address = address.ok_or(DiscoveryError::ForeignEndpoint("end_session_endpoint"))?;
        let request = Request::get(address.as_str())
            .header(header::ACCEPT, "application/json")
            .body(Vec::new())
            .map_err(|_| RequestError::InvalidResponse("the provider's metadata"))?;
        Ok(sign_out_registration_from(
            &self.send(Endpoint::EndSession, request).await?,
        ))
    }
}

/// Reads the response of the authorization endpoint. Any redirect to the redirect URI shows that it
/// is registered, usually with `login_required`.
fn registration_from(response: &Response<Vec<u8>>, redirect_uri: &str) -> Registration {
    if response.status().is_redirection() {
        let location = response.headers().get(header::LOCATION).map(HeaderValue::as_bytes);
        let rest = location.and_then(|to| to.strip_prefix(redirect_uri.as_bytes()));
        return match rest {
            Some([] | [b'?' | b'&' | b'#', ..]) => Registration::Registered,
            _ => Registration::Undecided,
        };
    }
    registration_from_error(response, "invalid_redirect_uri")
}

/// Reads the response of the end-session endpoint. Logto responds with 200 and a page, even if no
/// user is signed in.
fn sign_out_registration_from(response: &Response<Vec<u8>>) -> Registration {
    match response.status() {
        StatusCode::OK => Registration::Registered,
        // No other part of the request can be invalid.
        _ => registration_from_error(response, "invalid_request"),
    }
}

fn registration_from_error(response: &Response<Vec<u8>>, of_redirect_uri: &str) -> Registration {
    #[derive(Deserialize)]
    struct ErrorResponse {
        error: String,
    }
    let parsed = serde_json::from_slice::<ErrorResponse>(response.body()).ok();
    let parsed = parsed.filter(|_| response.status().is_client_error());
    match parsed {
        Some(ErrorResponse { error }) if error == of_redirect_uri => Registration::RedirectUriUnknown,
        Some(ErrorResponse { error }) if error == "invalid_client" => Registration::ApplicationUnknown,
        _ => Registration::Undecided,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "https://app.example/callback";

    fn registration(status: u16, location: &str, body: &str) -> Registration {
        let answer = Response::builder().status(status).header(header::LOCATION, location);
        registration_from(&answer.body(body.as_bytes().to_vec()).unwrap(), OURS)
    }

    #[test]
    fn a_redirect_to_the_redirect_uri_shows_that_it_is_registered() {
        let back = format!("{OURS}?error=login_required");
        assert_eq!(registration(303, &back, ""), Registration::Registered);
        assert_eq!(registration(302, OURS, ""), Registration::Registered);
    }

    #[test]
    fn an_error_shows_what_is_not_registered() {
        let refusal = |error| format!(r#"{{"code":"oidc.{error}","error":"{error}"}}"#);
        let registration = |error| registration(400, "", &refusal(error));
        assert_eq!(registration("invalid_redirect_uri"), Registration::RedirectUriUnknown);
        assert_eq!(registration("invalid_client"), Registration::ApplicationUnknown);
        assert_eq!(registration("invalid_request"), Registration::Undecided);
    }

    #[test]
    fn the_end_session_endpoint_checks_the_redirect_uri_before_it_shows_a_page() {
        let registration = |status: u16, body: &str| {
            let answer = Response::builder().status(status);
            sign_out_registration_from(&answer.body(body.as_bytes().to_vec()).unwrap())
        };
        for (status, body, expected) in [
            (200, "<form>", Registration::Registered),
            (400, r#"{"error":"invalid_request"}"#, Registration::RedirectUriUnknown),
            (400, r#"{"error":"invalid_client"}"#, Registration::ApplicationUnknown),
            (400, "<html>", Registration::Undecided),
            (503, r#"{"error":"invalid_request"}"#, Registration::Undecided),
            (303, "", Registration::Undecided),
        ] {
            assert_eq!(registration(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn any_other_response_is_undecided() {
        let body = r#"{"error":"invalid_redirect_uri"}"#;
        for (status, location, body) in [
            (303, "https://app.example/callback.evil", ""),
            (303, "https://logto.example/sign-in", ""),
            (503, "", body),
            (200, "", body),
            (400, "", "<html>"),
        ] {
            assert_eq!(
                registration(status, location, body),
                Registration::Undecided,
                "{status} {location} {body}"
            );
        }
    }
}
