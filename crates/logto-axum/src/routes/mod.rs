//! The protocol routes: HTML forms and redirects, without JavaScript.

mod backchannel_logout;
mod callback;
mod failure;
mod see_other;
mod session_watch;
mod sign_in;
mod sign_out;
pub(crate) mod unverified_logouts;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use crate::logto::Logto;

/// Size limit of a form, in bytes. Forms have a few short fields.
const MAX_FORM_BYTES: usize = 16 * 1024;

impl Logto {
    /// Returns the protocol routes. They need the layer, and work without JavaScript.
    #[doc(alias = "handleSignIn")]
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let paths = self.shared.web.paths();
        let logto = self.clone();
        Router::new()
            .route(&paths.sign_in, get(sign_in::confirm).post(sign_in::start))
            .route(&paths.callback, get(callback::finish))
            .route(&paths.sign_out, get(sign_out::confirm).post(sign_out::end))
            .route(
                &paths.backchannel_logout,
                post(|form| backchannel_logout::receive(logto, form)),
            )
            .route(&paths.session_script, get(session_watch::script))
            .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
    }
}
