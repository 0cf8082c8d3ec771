//! Sign-out: ends the session here and, unless it is for this app only, at the provider.

use std::sync::Arc;

use logto::{
    Diagnose as _,
    session::Session,
    telemetry::{Outcome, count_sign_out},
};
use url::Url;

use crate::{
    error::SessionError,
    hooks::session_end::{SessionEndEvent, SessionEndReason},
    observe::{in_span, operation},
    session::AuthSession,
    to_the_end::to_the_end,
};

/// The options of a sign-out: whether it ends the provider's session too, and where the user goes
/// afterwards.
///
/// ```
/// use logto_axum::SignOutOptions;
///
/// let options = SignOutOptions::default().with_this_app_only(true);
/// ```
#[derive(Clone, Debug, Default)]
pub struct SignOutOptions {
    /// `None`: the base URL with the path `after_sign_out`.
    post_logout_redirect_uri: Option<String>,
    this_app_only: bool,
    id_token_hint: bool,
}

impl SignOutOptions {
    /// Sets where the user goes afterwards: an absolute address, registered in the Logto console.
    /// By default the base URL with the path set by
    /// [`Paths::with_after_sign_out`](crate::Paths::with_after_sign_out).
    #[doc(alias = "postLogoutRedirectUri")]
    #[must_use]
    pub fn with_post_logout_redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.post_logout_redirect_uri = Some(uri.into());
        self
    }

    /// Sets whether the provider's session is kept. Off by default.
    ///
    /// If it is kept, other apps stay signed in, and the next sign-in here asks for no password.
    /// The address set by [`SignOutOptions::with_post_logout_redirect_uri`] is ignored, because
    /// only the provider checks that it is registered: the user goes to the path set by
    /// [`Paths::with_after_sign_out`](crate::Paths::with_after_sign_out).
    #[must_use]
    pub fn with_this_app_only(mut self, this_app_only: bool) -> Self {
        self.this_app_only = this_app_only;
        self
    }

    /// Sets whether the ID token is sent to the provider (`id_token_hint`). Off by default, because
    /// Logto needs only `client_id`.
    ///
    /// The token makes the address several kilobytes long, which some proxies reject, and Logto
    /// shows an error page for a token signed with a key that was removed.
    #[must_use]
    pub fn with_id_token_hint(mut self, id_token_hint: bool) -> Self {
        self.id_token_hint = id_token_hint;
        self
    }
}

impl AuthSession {
    /// Signs out: ends the session for every copy of its cookie, revokes the refresh token, and
    /// returns the URL to send the browser to, where the provider ends its own session.
    ///
    /// This works without a session here too, because the provider's session may outlive it. If the
    /// provider is unavailable, the session here ends nevertheless. The hook
    /// [`WebConfig::with_on_sign_out`](crate::WebConfig::with_on_sign_out) runs last.
    ///
    /// Once it has begun, the sign-out continues even if the caller stops waiting for it.
    ///
    /// # Errors
    ///
    /// The user remains signed in after an error: [`SessionError::Store`] if the store that keeps the
    /// session is unavailable, [`SessionError::ResponseStarted`] if the head of the response was sent,
    /// so that the cookie cannot be cleared.
    #[doc(alias = "signOut")]
    pub async fn sign_out(&self, options: SignOutOptions) -> Result<String, SessionError> {
        let paths = self.logto().shared.web.paths();
        let home = self.address().absolute(&paths.after_sign_out);
        let auth = self.clone();
        let ended = in_span(
            operation!("logto.sign_out"),
            to_the_end(async move { auth.end().await }),
        )
        .await;
        count_sign_out(Outcome::of(&ended));
        let session = ended?;
        if options.this_app_only {
            return Ok(home);
        }
        // The provider checks that this address is registered. If the provider is unavailable,
        // nothing checks it, and the user goes to the home page instead.
        let wanted = options
            .post_logout_redirect_uri
            .and_then(|address| Url::parse(&address).ok());
        let after = wanted.map_or_else(|| home.clone(), String::from);
        let client = self.logto().client();
        // Even without a session here, the provider's session may continue, and would sign in the
        // next user of this browser without a password.
        let hint = session.as_ref().filter(|_| options.id_token_hint);
        let hint = hint.map(|session| session.id_token());
        Ok(match client.end_session_url(hint, &after).await {
            Ok(url) => url.into(),
            Err(error) => {
                tracing::warn!(
                    code = error.code(),
                    "the provider's session could not be ended at sign-out"
                );
                home
            }
        })
    }

    /// Ends the session and revokes its refresh token. The hook of the app comes last, because it
    /// may fail or take long.
    async fn end(&self) -> Result<Option<Arc<Session>>, SessionError> {
        let session = self.end_here().await?;
        if let Some(session) = &session {
            let event = || SessionEndEvent::of_session(SessionEndReason::SignOut, Arc::clone(session));
            self.logto().session_ended(event);
            self.revoke(session).await;
            self.logto().on_sign_out(session).await;
        }
        Ok(session)
    }

    async fn revoke(&self, session: &Session) {
        if let Some(refresh_token) = session.refresh_token()
            && let Err(error) = self.logto().client().revoke(refresh_token).await
        {
            tracing::warn!(
                code = error.code(),
                "the refresh token could not be revoked at sign-out"
            );
        }
        self.revoke_acting(session).await;
    }

    /// Ends every session whose cookie came with the request, because the next request would find
    /// the others; and removes the cookie.
    async fn end_here(&self) -> Result<Option<Arc<Session>>, SessionError> {
        self.check_head()?;
        let in_cookies = self.logto().shared.stored.is_none();
        let session = match self.session().await {
            Ok(session) => session,
            // The deny list or the provider is unavailable, but the cookie can still be removed.
            Err(_) if in_cookies => self.loader().sessions_in_cookies().await.into_iter().next(),
            Err(error) => return Err(error),
        };
        let ids = self.sent_ids(session.as_deref()).await;
        // The head of a streaming page may have been sent in the meantime.
        self.check_head()?;
        for id in ids {
            if let Err(error) = self.logto().forget(id).await {
                if !in_cookies {
                    return Err(error.into());
                }
                tracing::error!(
                    code = error.code(),
                    "a session was signed out, but the deny list is unavailable: until it is available again, a \
                     copy of the cookie works in other processes"
                );
            }
        }
        self.replace(None);
        self.lock().signed_out = true;
        self.suppress_silent_sign_in();
        Ok(session)
    }
}
