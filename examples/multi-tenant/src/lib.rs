//! One app for several tenants. Each tenant has its own address, its own application at Logto, and
//! sessions of its own.

use axum::{Router, response::Html, routing::get};
use logto_axum::{AuthSession, Logto, RequireUser, SecurityHeaders, SessionError, SetUpError, Tenants};

/// Reads the settings of a tenant: `lookup` returns the value of a variable, such as
/// `LOGTO_ENDPOINT`.
///
/// # Errors
///
/// All problems of the settings at once.
pub fn tenant(lookup: impl Fn(&str) -> Option<String>) -> Result<Logto, SetUpError> {
    let (config, web) = Logto::config_from(lookup)?;
    Logto::new(config, web.with_security_headers(SecurityHeaders::strict()))
}

/// The app. A request belongs to the tenant whose base URL it matches.
pub fn router(tenants: impl IntoIterator<Item = Logto>) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/orders", get(orders))
        .layer(Tenants::of(tenants).layer().with_set_up_watch())
}

async fn home(session: AuthSession) -> Result<Html<&'static str>, SessionError> {
    Ok(Html(if session.user().await?.is_some() {
        r#"<a href="/orders">Orders</a> <form method="post" action="/sign-out"><button>Sign out</button></form>"#
    } else {
        r#"<form method="post" action="/sign-in"><button>Sign in</button></form>"#
    }))
}

/// A visitor goes to the Logto of the tenant, and comes back.
async fn orders(user: RequireUser, session: AuthSession) -> String {
    // The tenant of the request. Read its data by this id.
    let tenant = session.logto().client().config().app_id().to_owned();
    format!("orders of {} at {tenant}", user.id())
}
