//! Parts that the app forgot and that a page can detect.

use leptos::prelude::use_context;
use leptos_router::location::RequestUrl;
use logto_axum::{SessionError, SetUpFinding};

use crate::server::session_of_request;

/// Returns the known problems of the set-up, for a page that shows them to the developer.
///
/// Each is a sentence with the line to add. Empty in a release build, which only logs them.
#[must_use]
pub fn set_up_findings() -> Vec<String> {
    if !cfg!(debug_assertions) {
        return Vec::new();
    }
    match session_of_request() {
        Ok(session) => session
            .logto()
            .set_up_findings()
            .iter()
            .map(ToString::to_string)
            .collect(),
        Err(error @ SessionError::LayerMissing) => vec![error.to_string()],
        Err(_) => Vec::new(),
    }
}

/// Reports that the shell has not sent the policy. Call it while a page renders, after the shell
/// had the opportunity.
pub(crate) fn check_page() {
    // Calls of server functions have no `RequestUrl`.
    if use_context::<RequestUrl>().is_none() {
        return;
    }
    if let Ok(session) = session_of_request()
        && session.logto().content_security_policy().is_some()
        && session.lacks_content_security_policy()
    {
        session.logto().report(SetUpFinding::PolicyNotSent);
    }
}
