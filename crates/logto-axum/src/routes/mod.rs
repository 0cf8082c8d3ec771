//! The protocol routes: HTML forms and redirects, without JavaScript.

mod backchannel_logout;
mod callback;
mod failure;
mod form;
mod lead_home;
mod organization;
pub(crate) mod see_other;
mod session_watch;
mod sign_in;
mod sign_out;
pub(crate) mod unverified_logouts;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{MethodRouter, get, post},
};

use self::lead_home::lead_home;
use crate::logto::Logto;

/// Size limit of a form, in bytes. Forms have a few short fields.
const MAX_FORM_BYTES: usize = 16 * 1024;

impl Logto {
    /// Returns the protocol routes. They need the layer, and work without JavaScript.
    #[doc(alias = "handleSignIn")]
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        self.shared.findings.note_routes();
        let mut router = Router::new();
        for (path, methods) in routes(self) {
            router = router.route(path, methods);
        }
        router.layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
    }
}

/// All routes of this crate.
fn routes<S: Clone + Send + Sync + 'static>(logto: &Logto) -> [(&str, MethodRouter<S>); 6] {
    let paths = logto.shared.web.paths();
    let for_logout = logto.clone();
    let receive = post(|form| backchannel_logout::receive(for_logout, form)).fallback(lead_home);
    [
        (&paths.sign_in, get(sign_in::confirm).post(sign_in::start)),
        (&paths.callback, get(callback::finish)),
        (&paths.sign_out, get(sign_out::confirm).post(sign_out::end)),
        (&paths.organization, post(organization::switch).fallback(lead_home)),
        (&paths.backchannel_logout, receive),
        (&paths.session_script, get(session_watch::script)),
    ]
}

#[cfg(test)]
mod tests {
    use logto_testing::allowed_methods;

    use super::routes;
    use crate::{Logto, LogtoConfig, WebConfig};

    /// A route that accepts POST must reject cross-site requests, unless `state` or a signed token
    /// protects it.
    const DECLARED: [(&str, &str); 6] = [
        ("/sign-in", "GET,HEAD,POST"),
        ("/callback", "GET,HEAD"),
        ("/sign-out", "GET,HEAD,POST"),
        ("/organization", "POST"),
        ("/backchannel-logout", "POST"),
        ("/logto-session.js", "GET,HEAD"),
    ];

    #[tokio::test]
    async fn the_crate_has_no_route_that_is_not_declared() {
        let secret = "a secret of these tests, long enough".into();
        let config = LogtoConfig::new("https://tenant.example", "app", "secret");
        let logto = Logto::new(config, WebConfig::new("https://app.example", [secret])).unwrap();
        let paths = routes::<()>(&logto).map(|(path, _)| path.to_owned());
        assert_eq!(paths, DECLARED.map(|(path, _)| path));
        let app = logto.routes().layer(logto.layer());
        for (path, methods) in DECLARED {
            assert_eq!(allowed_methods(&app, path).await.join(","), methods, "{path}");
        }
    }
}
