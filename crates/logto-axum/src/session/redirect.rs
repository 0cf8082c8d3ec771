//! Redirects of server functions and pages: kept with the request's session, sent by the layer.

use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use logto::SignInOptions;

use crate::{error::AuthError, session::AuthSession, session::sign_out::SignOutOptions};

/// Tells the client of Leptos's server functions to follow `Location`
/// (`server_fn::redirect::REDIRECT_HEADER`).
static SERVER_FN_REDIRECT: HeaderName = HeaderName::from_static("serverfnredirect");

impl AuthSession {
    /// Starts a sign-in, and makes the layer send the browser to the provider in place of what this
    /// response says.
    ///
    /// A form or a page (its `Accept` has `text/html`) is answered 303. Any other call keeps its
    /// status and body and gets `Location` and `serverfnredirect`, which the client of Leptos's
    /// server functions follows.
    ///
    /// # Errors
    ///
    /// As [`AuthSession::start_sign_in`].
    pub async fn redirect_to_sign_in(&self, options: SignInOptions) -> Result<(), AuthError> {
        let url = self.start_sign_in(options).await?;
        self.redirect(url.as_str())
    }

    /// Signs out, and makes the layer send the browser on, in the same way as
    /// [`AuthSession::redirect_to_sign_in`].
    ///
    /// # Errors
    ///
    /// As [`AuthSession::sign_out`]. Should the head go out while the session is being ended, the
    /// session has ended here, but not at the provider.
    pub async fn redirect_to_sign_out(&self, options: SignOutOptions) -> Result<(), AuthError> {
        let address = self.sign_out(options).await?;
        self.redirect(&address)
    }

    fn redirect(&self, to: &str) -> Result<(), AuthError> {
        self.check_head()?;
        let to = HeaderValue::try_from(to).ok();
        self.lock().redirect = to;
        Ok(())
    }

    /// Sends the browser where a handler or page wanted it to go.
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
