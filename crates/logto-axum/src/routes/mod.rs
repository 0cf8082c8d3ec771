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
mod sso_entry;
pub(crate) mod unverified_logouts;
mod webhook;

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
fn routes<S: Clone + Send + Sync + 'static>(logto: &Logto) -> Vec<(&str, MethodRouter<S>)> {
    let paths = logto.shared.web.paths();
    let for_logout = logto.clone();
    let receive = post(|form| backchannel_logout::receive(for_logout, form)).fallback(lead_home);
    let mut routes: Vec<(&str, _)> = vec![
        (&paths.sign_in, get(sign_in::confirm).post(sign_in::start)),
        (&paths.callback, get(callback::finish)),
        (&paths.sign_out, get(sign_out::confirm).post(sign_out::end)),
        (&paths.organization, post(organization::switch).fallback(lead_home)),
        (&paths.backchannel_logout, receive),
        (&paths.session_script, get(session_watch::script)),
    ];
    if let Some(path) = &paths.sso_entry {
        routes.push((path, get(sso_entry::start)));
    }
    if let Some(path) = &paths.webhook {
        let for_webhook = logto.clone();
        let receive = post(|request| webhook::receive(for_webhook, request)).fallback(lead_home);
        routes.push((path, receive));
    }
    routes
}

#[cfg(test)]
mod tests {
    use logto_testing::allowed_methods;

    use super::routes;
    use crate::{Logto, LogtoConfig, WebConfig, WebhookConfig};

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
        let web = WebConfig::new("https://app.example", [secret]);
        let logto = Logto::new(config.clone(), web.clone()).unwrap();
        let paths = |logto: &Logto| {
            routes::<()>(logto)
                .into_iter()
                .map(|(path, _)| path.to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(paths(&logto), DECLARED.map(|(path, _)| path));
        let app = logto.routes().layer(logto.layer());
        for (path, methods) in DECLARED {
            assert_eq!(allowed_methods(&app, path).await.join(","), methods, "{path}");
        }
        let webhooks = WebhookConfig::new(["a signing key of these tests".into()]).with_path("/events");
        let web = web.with_webhooks(webhooks).with_sso_entry("/sso");
        let logto = Logto::new(config, web).unwrap();
        assert_eq!(paths(&logto)[DECLARED.len()..], ["/sso", "/events"]);
        let app = logto.routes().layer(logto.layer());
        assert_eq!(allowed_methods(&app, "/sso").await, ["GET", "HEAD"]);
        assert_eq!(allowed_methods(&app, "/events").await, ["POST"]);
    }
}
