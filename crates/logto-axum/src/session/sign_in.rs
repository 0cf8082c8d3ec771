//! Starting a sign-in, and beginning the session that it leads to.

use logto::{
    Diagnose as _, SignInOptions,
    session::{Session, SessionState, store::StoreError},
    telemetry::{Outcome, SessionEvent, count_session, count_sign_in},
};
use url::Url;

use crate::{
    error::SessionError,
    guard::fetch_metadata::Initiator,
    hooks::session_end::{SessionEndEvent, SessionEndReason},
    observe::{in_span, operation},
    return_to::ReturnTo,
    session::{AuthSession, caller::Caller, large_claims::LargeClaims},
};

impl AuthSession {
    /// Starts a sign-in: keeps its transaction in a cookie, and returns the URL to send the browser
    /// to. Fills in the redirect URI if the options have none.
    ///
    /// If the options have no return path, the user returns to the current page: the page that is
    /// being opened, or the one that sent the form or called the server function (by its
    /// `Referer`). A page that requires a sign-in although the user is signed in leads to the home
    /// page, because it would require one again after every sign-in. A return path to another site
    /// becomes the home page.
    ///
    /// If the options have no `ui_locales`, and the app has set its languages
    /// ([`Texts::with_languages`](crate::Texts::with_languages)), the provider's pages are in the
    /// visitor's language ([`AuthSession::language`]).
    ///
    /// A form, the opening of a page, or a POST by a script (a server function of an island) can
    /// start a sign-in. A prefetch or a script's GET cannot, because abandoned sign-ins would pile
    /// up in the browser. Neither can a cross-site request to an open path, because its response
    /// sets no cookies.
    ///
    /// # Errors
    ///
    /// - [`SessionError::SignIn`] if the provider's metadata is unavailable or an option is invalid;
    /// - [`SessionError::ResponseStarted`] if the head of the response was sent;
    /// - [`SessionError::Prefetch`] and [`SessionError::NavigationNeeded`], as described above;
    /// - [`SessionError::RedirectUriNotRegistered`] if
    ///   [`Logto::watch_set_up`](crate::Logto::watch_set_up) found that the redirect URI is not
    ///   registered, and it still is not.
    #[doc(alias = "signIn")]
    pub async fn start_sign_in(&self, options: SignInOptions) -> Result<Url, SessionError> {
        let started = in_span(operation!("logto.sign_in"), self.try_start_sign_in(options)).await;
        if let Err(error) = &started
            && !matches!(error, SessionError::Prefetch | SessionError::NavigationNeeded)
        {
            count_sign_in(Outcome::failed(error.code()));
        }
        started
    }

    async fn try_start_sign_in(&self, options: SignInOptions) -> Result<Url, SessionError> {
        match self.request.initiator {
            Initiator::Navigation | Initiator::Call => {}
            Initiator::Prefetch => return Err(SessionError::Prefetch),
            Initiator::Fetch => return Err(SessionError::NavigationNeeded),
        }
        if !self.request.may_set_cookies {
            return Err(SessionError::NavigationNeeded);
        }
        self.check_head()?;
        let return_to = match options.post_redirect() {
            Some(path) => ReturnTo::parse(path),
            None => self.default_return_path().await,
        };
        let return_to = return_to.unwrap_or_else(ReturnTo::home);
        let redirect_uri = match options.redirect_uri() {
            Some(uri) => uri.to_owned(),
            None => self.redirect_uri(),
        };
        if self.logto().is_unregistered(&redirect_uri).await {
            return Err(SessionError::RedirectUriNotRegistered(redirect_uri));
        }
        let options = self
            .in_language_of_app(options)
            .with_post_redirect(return_to.to_string())
            .with_redirect_uri(redirect_uri);
        let start = self.logto().client().start_sign_in(options).await?;
        self.check_head()?;
        let (sent, cookies) = (self.sent_cookies(), self.cookies());
        if self.jar().write_transaction(sent, cookies, &start.transaction) {
            Ok(start.authorization_url)
        } else {
            Err(SessionError::TransactionNotKept)
        }
    }

    fn in_language_of_app(&self, options: SignInOptions) -> SignInOptions {
        if !options.ui_locales().is_empty() || !self.shared().translations.are_of_app() {
            return options;
        }
        match self.language().parse() {
            Ok(language) => options.with_ui_locales([language]),
            Err(_) => options,
        }
    }

    async fn default_return_path(&self) -> Option<ReturnTo> {
        let page = self.calling_page()?;
        let is_opened = matches!(self.request.caller, Caller::Page(_));
        let would_ask_again = is_opened && self.state().await.is_ok_and(SessionState::is_authenticated);
        (!would_ask_again).then_some(page)
    }

    /// Returns the page of this app that the request opens or, for a form or a call, comes from (by
    /// its `Referer`).
    ///
    /// `None` for pages of other sites, for the protocol routes, and for the page for failed
    /// sign-ins. A query with a one-time token is left out, and so is the error that Leptos adds to
    /// the address (`__path`, `__err`) when a form without JavaScript fails.
    #[must_use]
    pub fn calling_page(&self) -> Option<ReturnTo> {
        let paths = self.shared().web.paths();
        self.request.caller.page(self.address(), paths)
    }

    /// Returns the redirect URI at the address that the request came to. Register exactly this URI
    /// in the Logto console.
    #[doc(alias = "redirectUri")]
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        self.address().absolute(&self.shared().web.paths().callback)
    }

    /// Returns the absolute URL of a page of this app, at the address that the request came to.
    ///
    /// Use it for links that leave the app, such as those of invitations. The address is one of the
    /// configured base URLs, whatever the request claims.
    ///
    /// ```
    /// use logto_axum::{AuthSession, ReturnTo};
    ///
    /// fn link(session: &AuthSession, invitation_id: &str) -> Option<String> {
    ///     let page = ReturnTo::parse(&format!("/invitations/{invitation_id}"))?;
    ///     Some(session.absolute_url(&page))
    /// }
    /// ```
    #[must_use]
    pub fn absolute_url(&self, page: &ReturnTo) -> String {
        self.address().return_address(page)
    }

    /// Replaces the session of the request with one that has just begun. With a store it is saved
    /// first.
    pub(crate) async fn begin(&self, session: Session) -> Result<(), SessionError> {
        let shared = self.shared();
        // Earlier sessions of this browser end. If the store cannot find one now, it expires.
        let current = self.session().await.ok().flatten();
        let session = match &current {
            Some(earlier) => session.continuing(earlier),
            None => session,
        };
        if shared.stored.is_none() && !self.jar().has_room_for(&session) {
            return Err(SessionError::SessionTooLarge(LargeClaims::of(&session)));
        }
        let earlier = self.sent_ids(current.as_deref()).await;
        self.save_begun(&session).await.map_err(|error| match error {
            StoreError::SessionTooLarge => SessionError::SessionTooLarge(LargeClaims::of(&session)),
            error => {
                self.lock().store_failed = true;
                error.into()
            }
        })?;
        for id in earlier {
            if let Err(error) = self.logto().forget(id).await {
                tracing::warn!(
                    code = error.code(),
                    "the session before this sign-in could not be ended: a copy of its cookie still works"
                );
            }
        }
        if let Some(replaced) = current {
            self.revoke_acting(&replaced).await;
            let event = || SessionEndEvent::of_session(SessionEndReason::Replaced, replaced);
            self.logto().session_ended(event);
        }
        self.replace(Some(session));
        count_session(shared.store_kind, SessionEvent::Created);
        Ok(())
    }

    async fn save_begun(&self, session: &Session) -> Result<(), StoreError> {
        let shared = self.shared();
        let Some(stored) = &shared.stored else { return Ok(()) };
        let _ = stored.save(session, None).await?;
        // A logout just before the save did not find the session in the store. A session in cookies
        // is checked against the deny list when the browser sends it back.
        if shared.deny_list.denies(session).await? {
            stored.store().delete(&session.id()).await?;
        }
        Ok(())
    }
}
