//! Whether the user meets a requirement, and the server function that tells the browser.

use leptos::{prelude::*, server_fn::codec::Json};
use logto_requirements::Requirement;
use serde::{Deserialize, Serialize};

use crate::AuthError;

/// Whether the user may see the content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    Allowed,
    Refused(AuthError),
    /// The page was rendered without its session (`SsrMode::Static`), so the browser asks.
    Unknown,
}

/// Tells the browser whether its user meets a requirement, and nothing else about the user.
///
/// An organization counts only if the user's claims name it: one that the user has just joined does
/// after the next refresh of the ID token.
///
/// # Errors
///
/// If the requirement is too long.
#[server(prefix = "/api", endpoint = "logto/allows", input = Json)]
pub async fn allows(requirement: Requirement) -> Result<Access, AuthError> {
    on_server::check_length(&requirement)?;
    Ok(on_server::decide_for_browser(&requirement).await)
}

/// Decides, and makes the layer refuse the page if `is_page` and the user does not meet the
/// requirement.
#[cfg(feature = "ssr")]
pub(super) use on_server::decide;

#[cfg(feature = "ssr")]
mod on_server {
    use http::request::Parts;
    use leptos::prelude::use_context;
    use logto_axum::{Requirement, SessionError};

    use super::Access;
    use crate::{AuthError, auth_session};

    /// Each scope may cost a request to the provider, and the browser chooses them.
    const MAX_SCOPES: usize = 16;

    pub(super) fn check_length(requirement: &Requirement) -> Result<(), AuthError> {
        if requirement.scopes().len() <= MAX_SCOPES {
            Ok(())
        } else {
            Err(AuthError::requirement_too_long())
        }
    }

    /// Decides about a requirement that the browser chose.
    pub(super) async fn decide_for_browser(requirement: &Requirement) -> Access {
        let decided = match auth_session() {
            Ok(session) => session.check_for_browser(requirement).await,
            Err(error) => Err(error),
        };
        match decided {
            Ok(()) => Access::Allowed,
            // The log has it once: a browser can invent requirements without end.
            Err(error @ SessionError::RequirementNotConfigured(_)) => Access::Refused(AuthError::without_log(&error)),
            Err(error) => Access::Refused(error.into()),
        }
    }

    pub(crate) async fn decide(requirement: Requirement, is_page: bool) -> Access {
        let session = match auth_session() {
            Ok(session) => session,
            Err(SessionError::StaticPage | SessionError::NoRequest) => return Access::Unknown,
            Err(error) => return Access::Refused(error.into()),
        };
        let Err(error) = session.require(requirement).await else {
            return Access::Allowed;
        };
        match use_context::<Parts>().filter(|_| is_page) {
            Some(parts) => {
                // Boxed, because it is rare and would make the future of every page larger.
                let error = Box::pin(session.refuse_page(error, &parts)).await;
                Access::Refused(AuthError::without_log(&error))
            }
            None => Access::Refused(error.into()),
        }
    }
}
