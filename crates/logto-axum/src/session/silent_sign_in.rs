//! Silent sign-in: a visitor who is signed in at the provider becomes signed in here, without
//! seeing a page of the provider.
//!
//! Once per browser session, when a visitor without a session opens a page:
//!
//! 1. The page redirects to itself with a parameter, and sets a cookie, the marker.
//! 2. A browser that sends the marker back goes to the provider (`prompt=none`). A client that keeps
//!    no cookies gets the page: without cookies it could never finish a sign-in.
//! 3. The callback leads back to the page, with a session or without.

use axum::{body::Body, response::Response};
use http::{HeaderMap, Method, Request};
use logto::{Diagnose as _, SignInOptions};

use crate::{
    cookie::silent::SilentMarker,
    error::SessionError,
    guard::fetch_metadata::{Initiator, is_document, opens_document},
    return_to::{ReturnTo, SILENT_PARAMETER},
    routes::see_other::see_other,
    session::AuthSession,
};

/// The next step of a silent sign-in.
#[derive(Debug)]
pub(crate) enum SilentStep {
    /// Finds out whether the client keeps cookies, with a redirect back to this page.
    Probe(ReturnTo),
    /// Goes to the provider.
    Start,
}

impl AuthSession {
    /// Returns the step that this request takes instead of opening its page, if any.
    pub(crate) fn silent_step(&self, request: &Request<Body>) -> Option<SilentStep> {
        let applies = self.shared().web.config.silent_sign_in
            && !self.has_cookie()
            && self.request.may_set_cookies
            && self.opens_page(request.method(), request.headers())
            && is_document(request);
        if !applies {
            return None;
        }
        let requested = request.uri().path_and_query()?.as_str();
        let page = self.calling_page()?;
        let probe = probe_of(&page)?;
        let is_probed = requested == probe.as_str();
        // Otherwise the query has a part that is used once, which the redirects would lose.
        if !is_probed && requested != page.as_str() {
            return None;
        }
        match self.jar().silent_marker(self.cookies()) {
            None if is_probed => None,
            Some(SilentMarker::Probing) if is_probed => Some(SilentStep::Start),
            // The probe of another name of the server leads to the base URL, without its cookies.
            None | Some(SilentMarker::Probing) => Some(SilentStep::Probe(probe)),
            Some(SilentMarker::Done) => None,
        }
    }

    /// Old browsers and programs send no fetch metadata. Search engines are among them, and should
    /// get pages instead of redirects.
    fn opens_page(&self, method: &Method, headers: &HeaderMap) -> bool {
        method == Method::GET && self.request.initiator == Initiator::Navigation && opens_document(headers)
    }

    /// Takes the step. `None` if the page is to be opened after all.
    pub(crate) async fn take_silent_step(&self, step: SilentStep) -> Option<Response> {
        match step {
            SilentStep::Probe(probe) => {
                self.jar().write_silent_marker(self.cookies(), SilentMarker::Probing);
                Some(see_other(&self.address().return_address(&probe)))
            }
            SilentStep::Start => {
                self.suppress_silent_sign_in();
                match self.start_sign_in(SignInOptions::silent()).await {
                    Ok(url) => Some(see_other(url.as_str())),
                    // The reason is in the log.
                    Err(SessionError::TransactionNotKept) => None,
                    Err(error) => {
                        tracing::warn!(code = error.code(), "a silent sign-in could not be started");
                        None
                    }
                }
            }
        }
    }

    /// Prevents silent sign-ins until the browser is closed: one was tried, or the user has signed
    /// out.
    pub(crate) fn suppress_silent_sign_in(&self) {
        if self.shared().web.config.silent_sign_in {
            self.jar().write_silent_marker(self.cookies(), SilentMarker::Done);
        }
    }
}

/// The page with the parameter. `None` if the address would be too long.
fn probe_of(page: &ReturnTo) -> Option<ReturnTo> {
    let mark = if page.as_str().contains('?') { '&' } else { '?' };
    ReturnTo::parse(&format!("{page}{mark}{SILENT_PARAMETER}=1"))
}
