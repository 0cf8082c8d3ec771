//! The paths of the routes, for the forms of a page.

use crate::{Paths, session::AuthSession};

impl AuthSession {
    /// Returns the paths of the routes as this browser sees them: with the path of the base URL.
    #[must_use]
    pub fn public_paths(&self) -> Paths {
        let address = self.address();
        let public = |path: &String| address.public_path(path);
        let paths = self.shared().web.paths();
        Paths {
            sign_in: public(&paths.sign_in),
            callback: public(&paths.callback),
            sign_out: public(&paths.sign_out),
            after_sign_out: public(&paths.after_sign_out),
            organization: public(&paths.organization),
            backchannel_logout: public(&paths.backchannel_logout),
            session_script: public(&paths.session_script),
            sso_entry: paths.sso_entry.as_ref().map(public),
            webhook: paths.webhook.as_ref().map(public),
            error: paths.error.as_ref().map(public),
        }
    }
}
