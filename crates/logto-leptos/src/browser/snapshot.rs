//! The one value that a page and the server function send.

use serde::{Deserialize, Serialize};

use super::{ComponentTexts, SessionView, UserView};

/// Everything that the components of this crate know: the session, the user and the routes.
///
/// [`LogtoProvider`](crate::LogtoProvider) writes it into the page, and the server function
/// [`session_snapshot`](crate::session_snapshot) returns it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// The session state.
    pub state: SessionView,
    /// The user, if signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserView>,
    /// The time until the session expires if no further visit extends it, in **seconds**. The
    /// browser requests a new snapshot then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_in: Option<u64>,
    /// The paths of the routes.
    #[serde(default, skip_serializing_if = "RoutePaths::are_default")]
    pub paths: RoutePaths,
    /// The id of the active organization, if the user has chosen one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_organization: Option<String>,
    /// The texts of the components.
    #[serde(default)]
    pub texts: ComponentTexts,
    /// Problems of the app's set-up, in English. Empty in release builds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

/// The paths of the routes, as the browser sees them: with the path of the base URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RoutePaths {
    /// Starts a sign-in, by POST.
    pub sign_in: String,
    /// Signs out, by POST.
    pub sign_out: String,
    /// Sets the active organization, by POST.
    pub organization: String,
    /// The script with which other tabs notice a sign-out.
    pub session_script: String,
}

impl Default for RoutePaths {
    fn default() -> Self {
        Self {
            sign_in: "/sign-in".into(),
            sign_out: "/sign-out".into(),
            organization: "/organization".into(),
            session_script: "/logto-session.js".into(),
        }
    }
}

impl RoutePaths {
    fn are_default(&self) -> bool {
        *self == Self::default()
    }
}
