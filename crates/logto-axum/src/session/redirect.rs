//! Redirects of server functions and pages: kept in the session, and sent by the layer.

use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use logto::SignInOptions;

use crate::{
    error::SessionError,
    session::{AuthSession, sign_out::SignOutOptions},
};

/// Makes the client of Leptos's server functions follow `Location`
/// (`server_fn::redirect::REDIRECT_HEADER`).
static SERVER_FN_REDIRECT: HeaderName = HeaderName::from_static("serverfnredirect");

impl AuthSession {
    /// Starts a sign-in, and makes the layer redirect the browser to the provider.
    ///
    /// The response to a form or page (its `Accept` has `text/html`) becomes a 303. Any other
    /// response keeps its status and body, and gets `Location` and `serverfnredirect`, which the
    /// client of Leptos's server functions follows.
    ///
    /// # Errors
    ///
    /// The same as [`AuthSession::start_sign_in`].
    pub async fn redirect_to_sign_in(&self, options: SignInOptions) -> Result<(), SessionError> {
        let url = self.start_sign_in(options).await?;
        self.redirect(url.as_str())
    }

    /// Signs out, and makes the layer redirect the browser as
    /// [`AuthSession::redirect_to_sign_in`] does.
    ///
    /// # Errors
    ///
    /// The same as [`AuthSession::sign_out`]. If the head is sent while the session is being ended,
    /// the session has ended here, but not at the provider.
    pub async fn redirect_to_sign_out(&self, options: SignOutOptions) -> Result<(), SessionError> {
        let address = self.sign_out(options).await?;
        self.redirect(&address)
    }

    pub(crate) fn redirect(&self, to: &str) -> Result<(), SessionError> {
        self.check_head()?;
        let to = HeaderValue::try_from(to).ok();
        self.lock().redirect = to;
        Ok(())
    }

    /// Applies the redirect that a handler or page asked for.
    pub(crate) fn apply_redirect(&self, response: &mut Response, accepts_html: bool) {
        let Some(to) = self.lock().redirect.take() else { return };
        response.headers_mut().insert(header::LOCATION, to);
        if accepts_html {
            *response.status_mut() = StatusCode::SEE_OTHER;
        } else {
            response
                .headers_mut()
                .insert(&SERVER_FN_REDIRECT, HeaderValue::from_static(""));
        }
    }
}
