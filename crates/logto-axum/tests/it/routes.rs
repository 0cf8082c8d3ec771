//! The routes of the crate: none that nobody has declared.

use axum::Router;
use logto_axum::{Logto, LogtoConfig, WebConfig};
use logto_testing::routes_of;

use crate::app::BASE;

/// All of them. What answers POST is refused to pages of other sites, see
/// `requests_from_elsewhere`; the callback is judged by its `state`, the back-channel logout by its
/// token.
const ROUTES: [&str; 5] = [
    "POST /backchannel-logout",
    "GET,HEAD /callback",
    "GET,HEAD /logto-session.js",
    "GET,HEAD,POST /sign-in",
    "GET,HEAD,POST /sign-out",
];

#[tokio::test]
async fn the_crate_has_no_route_that_is_not_declared() {
    let secret = "a secret of thirty-two bytes or more".into();
    let logto = Logto::new(
        LogtoConfig::new("https://tenant.example", "app", "secret"),
        WebConfig::new(BASE, [secret]),
    )
    .unwrap();
    let router: Router = logto.routes().layer(logto.layer());
    assert_eq!(routes_of(&router).await, ROUTES);
}
