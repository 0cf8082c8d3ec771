//! Whether the provider knows this application and a redirect URI of it, of sign-in or of sign-out.
//!
//! A provider does not redirect to an address it does not know (RFC 6749 §4.1.2.1): the user stands
//! before an error page of the provider's, and the app never hears of it. With `prompt=none` (OIDC
//! Core §3.1.2.1) the question can be asked without a user. The end-session endpoint judges the
//! post sign-out redirect URI before it asks the user (RP-Initiated Logout 1.0 §3).

use http::{HeaderValue, Request, Response, StatusCode, header};
use serde::Deserialize;

use super::SignInOptions;
use crate::{
    client::LogtoClient,
    error::{DiscoveryError, RequestError, SignInError, SignOutError},
    prompt::Prompt,
};

/// What the provider says of an application and a redirect URI, of sign-in or of sign-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Registration {
    /// It redirects there.
    Registered,
    /// It knows the application, but not the redirect URI.
    RedirectUriUnknown,
    /// It does not know the application.
    ApplicationUnknown,
    /// Its answer says neither.
    Undecided,
}

impl LogtoClient {
    /// Asks the provider whether a sign-in could come back to this redirect URI. One request, no
    /// user, no session.
    ///
    /// # Errors
    ///
    /// As [`LogtoClient::start_sign_in`], and when the provider does not answer.
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
        let answer = self.http().send(request).await;
        let answer = answer.map_err(|error| SignInError::Discovery(error.into()))?;
        Ok(registration_from(&answer, redirect_uri))
    }

    /// Asks the provider whether a sign-out could come back to this post sign-out redirect URI. One
    /// request, no user, no session.
    ///
    /// # Errors
    ///
    /// As [`LogtoClient::end_session_url`], and when the provider does not answer.
    pub async fn sign_out_registration(&self, redirect_uri: &str) -> Result<Registration, SignOutError> {
        let url = self.end_session_url(None, redirect_uri).await?;
        let address = self.config().provider().to_internal(&url);
        let address = address.ok_or(DiscoveryError::ForeignEndpoint("end_session_endpoint"))?;
        let request = Request::get(address.as_str())
            .header(header::ACCEPT, "application/json")
            .body(Vec::new())
            .map_err(|_| RequestError::InvalidResponse("the provider's metadata"))?;
        Ok(sign_out_registration_from(&self.http().send(request).await?))
    }
}

/// Judges the answer of the authorization endpoint: a redirect back is a yes whatever it carries,
/// `login_required` most of all.
fn registration_from(answer: &Response<Vec<u8>>, redirect_uri: &str) -> Registration {
    if answer.status().is_redirection() {
        let location = answer.headers().get(header::LOCATION).map(HeaderValue::as_bytes);
        let rest = location.and_then(|to| to.strip_prefix(redirect_uri.as_bytes()));
        return match rest {
            Some([] | [b'?' | b'&' | b'#', ..]) => Registration::Registered,
            _ => Registration::Undecided,
        };
    }
    registration_from_error(answer, "invalid_redirect_uri")
}

/// Judges the answer of the end-session endpoint: Logto answers 200 with its page, before it asks
/// whether there is a user.
fn sign_out_registration_from(answer: &Response<Vec<u8>>) -> Registration {
    match answer.status() {
        StatusCode::OK => Registration::Registered,
        // Nothing else in the request can be invalid.
        _ => registration_from_error(answer, "invalid_request"),
    }
}

fn registration_from_error(answer: &Response<Vec<u8>>, of_redirect_uri: &str) -> Registration {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    let refusal = serde_json::from_slice::<Refusal>(answer.body()).ok();
    let refusal = refusal.filter(|_| answer.status().is_client_error());
    match refusal {
        Some(Refusal { error }) if error == of_redirect_uri => Registration::RedirectUriUnknown,
        Some(Refusal { error }) if error == "invalid_client" => Registration::ApplicationUnknown,
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
    fn a_redirect_back_says_that_the_address_is_registered() {
        let back = format!("{OURS}?error=login_required");
        assert_eq!(registration(303, &back, ""), Registration::Registered);
        assert_eq!(registration(302, OURS, ""), Registration::Registered);
    }

    #[test]
    fn a_refusal_says_what_is_not_known() {
        let refusal = |error| format!(r#"{{"code":"oidc.{error}","error":"{error}"}}"#);
        let registration = |error| registration(400, "", &refusal(error));
        assert_eq!(registration("invalid_redirect_uri"), Registration::RedirectUriUnknown);
        assert_eq!(registration("invalid_client"), Registration::ApplicationUnknown);
        assert_eq!(registration("invalid_request"), Registration::Undecided);
    }

    #[test]
    fn the_end_session_endpoint_says_whether_it_knows_the_address_before_it_asks_the_user() {
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
    fn any_other_answer_says_nothing() {
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
