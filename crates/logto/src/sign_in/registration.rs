//! Whether the provider knows this application and a redirect URI of it.
//!
//! A provider does not redirect to an address it does not know (RFC 6749 §4.1.2.1): the user stands before an error page of the
//! provider's, and the app never hears of it. With `prompt=none` (OIDC Core §3.1.2.1) the question can be asked without a user.

use http::{HeaderValue, Request, Response, header};
use serde::Deserialize;

use super::SignInOptions;
use crate::{
    client::LogtoClient,
    config::Prompt,
    error::{DiscoveryError, SignInError},
};

/// What the provider says of an application and a redirect URI.
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
    /// Asks the provider whether a sign-in could come back to this redirect URI. One request, no user, no session.
    ///
    /// # Errors
    ///
    /// As [`LogtoClient::start_sign_in`], and when the provider does not answer.
    pub async fn registration(&self, redirect_uri: &str) -> Result<Registration, SignInError> {
        let options = SignInOptions {
            redirect_uri: redirect_uri.to_owned(),
            prompt: Some(vec![Prompt::None]),
            ..SignInOptions::default()
        };
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
        Ok(judge_registration(&answer, redirect_uri))
    }
}

/// Judges the answer of the authorization endpoint: a redirect back is a yes whatever it carries, `login_required` most of all.
fn judge_registration(answer: &Response<Vec<u8>>, redirect_uri: &str) -> Registration {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    if answer.status().is_redirection() {
        let location = answer.headers().get(header::LOCATION).map(HeaderValue::as_bytes);
        let rest = location.and_then(|to| to.strip_prefix(redirect_uri.as_bytes()));
        return match rest {
            Some([] | [b'?' | b'&' | b'#', ..]) => Registration::Registered,
            _ => Registration::Undecided,
        };
    }
    let refusal = serde_json::from_slice::<Refusal>(answer.body()).ok();
    let refusal = refusal.filter(|_| answer.status().is_client_error());
    match refusal.as_ref().map(|refusal| refusal.error.as_str()) {
        Some("invalid_redirect_uri") => Registration::RedirectUriUnknown,
        Some("invalid_client") => Registration::ApplicationUnknown,
        _ => Registration::Undecided,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "https://app.example/callback";

    fn judge(status: u16, location: &str, body: &str) -> Registration {
        let answer = Response::builder().status(status).header(header::LOCATION, location);
        judge_registration(&answer.body(body.as_bytes().to_vec()).unwrap(), OURS)
    }

    #[test]
    fn a_redirect_back_says_that_the_address_is_registered() {
        let back = format!("{OURS}?error=login_required");
        assert_eq!(judge(303, &back, ""), Registration::Registered);
        assert_eq!(judge(302, OURS, ""), Registration::Registered);
    }

    #[test]
    fn a_refusal_says_what_is_not_known() {
        let refusal = |error| format!(r#"{{"code":"oidc.{error}","error":"{error}"}}"#);
        let judge = |error| judge(400, "", &refusal(error));
        assert_eq!(judge("invalid_redirect_uri"), Registration::RedirectUriUnknown);
        assert_eq!(judge("invalid_client"), Registration::ApplicationUnknown);
        assert_eq!(judge("invalid_request"), Registration::Undecided);
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
                judge(status, location, body),
                Registration::Undecided,
                "{status} {location} {body}"
            );
        }
    }
}
