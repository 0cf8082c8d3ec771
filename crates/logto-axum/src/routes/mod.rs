//! The routes of the protocol: HTML forms and redirects, no JavaScript.

mod backchannel_logout;
mod callback;
pub(crate) mod failure;
mod session_watch;
pub(crate) mod sign_in;
mod sign_out;
pub(crate) mod unverified_logouts;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use http::{HeaderValue, StatusCode, header};

use crate::{headers::caching::forbid_caching, logto::Logto, pages::confirm};

/// Forms are a few short fields.
const MOST_FORM_BYTES: usize = 16 * 1024;

pub(crate) fn router<S: Clone + Send + Sync + 'static>(logto: &Logto) -> Router<S> {
    let mut router = Router::new();
    for (path, methods) in routes(logto) {
        router = router.route(path, methods);
    }
    router.layer(DefaultBodyLimit::max(MOST_FORM_BYTES))
}

/// Every route of the crate.
fn routes<S: Clone + Send + Sync + 'static>(logto: &Logto) -> [(&str, MethodRouter<S>); 5] {
    let paths = logto.shared.web.paths();
    let told_by_provider = logto.clone();
    let receive = post(|form| backchannel_logout::receive(told_by_provider, form));
    [
        (&paths.sign_in, get(confirm::sign_in).post(sign_in::start)),
        (&paths.callback, get(callback::finish)),
        (&paths.sign_out, get(confirm::sign_out).post(sign_out::end)),
        (&paths.backchannel_logout, receive),
        (&paths.session_script, get(session_watch::script)),
    ]
}

/// 303: the browser follows with GET whatever the request was.
fn see_other(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    let headers = [
        (header::LOCATION, location),
        // The callback's address has the code in it.
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    let mut response = (StatusCode::SEE_OTHER, headers).into_response();
    forbid_caching(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use logto_testing::allowed_methods;

    use super::{router, routes};
    use crate::{Logto, LogtoConfig, WebConfig};

    /// A route that answers POST must reject requests of other sites, unless `state` or a signed
    /// token protects it.
    const DECLARED: [(&str, &str); 5] = [
        ("/sign-in", "GET,HEAD,POST"),
        ("/callback", "GET,HEAD"),
        ("/sign-out", "GET,HEAD,POST"),
        ("/backchannel-logout", "POST"),
        ("/logto-session.js", "GET,HEAD"),
    ];

    #[tokio::test]
    async fn the_crate_has_no_route_that_is_not_declared() {
        let secret = "a secret of thirty-two bytes or more".into();
        let config = LogtoConfig::new("https://tenant.example", "app", "secret");
        let logto = Logto::new(config, WebConfig::new("https://app.example", [secret])).unwrap();
        let paths = routes::<()>(&logto).map(|(path, _)| path.to_owned());
        assert_eq!(paths, DECLARED.map(|(path, _)| path));
        let app = router(&logto).layer(logto.layer());
        for (path, methods) in DECLARED {
            assert_eq!(allowed_methods(&app, path).await.join(","), methods, "{path}");
        }
    }
}
