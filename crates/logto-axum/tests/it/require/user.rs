//! The signed-in user: claims, custom data and the app's own claims.

use std::sync::{Arc, Mutex};

use axum::{Router, routing::get};
use logto_axum::{AuthSession, Diagnose as _, SessionError, User};
use logto_testing::Endpoint;
use serde::Deserialize;
use serde_json::json;

use super::provider;
use crate::app::App;

/// Signs ada in, and returns the user as a handler sees them.
async fn user_of(app: App) -> (App, User) {
    let seen = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&seen);
    let keep = async move |session: AuthSession| -> Result<(), SessionError> {
        let user = session.user().await?;
        *kept.lock().unwrap() = user;
        Ok(())
    };
    let own = Router::new().route("/", get(keep)).merge(app.logto.routes());
    let own = own.layer(app.logto.layer());
    let app = app.map_router(|_| own);
    let browser = app.browser();
    browser.get("/").await;
    assert!(seen.lock().unwrap().is_none(), "signed out");
    let browser = app.signed_in("ada").await;
    browser.get("/").await;
    let user = seen.lock().unwrap().take().unwrap();
    drop(browser);
    (app, user)
}

async fn app() -> App {
    App::with_scopes(provider().await, &super::SCOPES, &[], |web| web)
}

#[tokio::test]
async fn a_user_has_the_claims_of_the_id_token() {
    let (_app, user) = user_of(app().await).await;
    assert_eq!((user.id(), user.claims().sub.as_str()), ("usr_ada", "usr_ada"));
    assert_eq!(
        (user.name(), user.email()),
        (Some("Ada Lovelace"), Some("ada@example.com"))
    );
    assert!(user.has_role("admin") && !user.has_role("Admin"));
    assert!(user.has_role_in("acme", "admin") && !user.has_role_in("globex", "admin"));
    assert!(user.is_member_of("globex") && !user.is_member_of("initech"));
}

#[tokio::test]
async fn a_missing_claim_gives_no_role() {
    let app = app().await;
    app.provider.tweak_id_token(|claims| {
        for list in ["roles", "organizations", "organization_roles"] {
            claims.remove(list);
        }
    });
    let (_app, user) = user_of(app).await;
    assert!(!user.has_role("admin") && !user.has_role_in("acme", "admin") && !user.is_member_of("acme"));
}

#[derive(Debug, PartialEq, Deserialize)]
struct Settings {
    theme: String,
}

#[tokio::test]
async fn custom_data_comes_from_userinfo_unless_the_id_token_has_it() {
    let (app, user) = user_of(app().await).await;
    let dark = Settings { theme: "dark".into() };
    app.provider.clear_log();
    assert_eq!(user.custom_data().await, Ok(Some(dark)));
    assert_eq!(app.provider.requests(Endpoint::UserInfo), 1);

    let app = self::app().await;
    app.provider
        .tweak_id_token(|claims| drop(claims.insert("custom_data".into(), json!({ "theme": "light" }))));
    let (app, user) = user_of(app).await;
    app.provider.clear_log();
    let light = Settings { theme: "light".into() };
    assert_eq!(user.custom_data().await, Ok(Some(light)));
    assert!(app.provider.log().is_empty());
}

#[derive(Debug, PartialEq, Deserialize)]
struct Extra {
    department: String,
    level: Option<u8>,
}

#[tokio::test]
async fn own_claims_are_read_as_the_apps_type() {
    let app = app().await;
    app.provider
        .tweak_id_token(|claims| drop(claims.insert("department".into(), json!("engines"))));
    let (_app, user) = user_of(app).await;
    let department = "engines".to_owned();
    let level = None;
    assert_eq!(user.extra::<Extra>(), Ok(Extra { department, level }));
}

/// The text names the type. The values are personal data.
#[tokio::test]
async fn claims_of_another_type_are_an_error_without_their_values() {
    let app = app().await;
    app.provider
        .tweak_id_token(|claims| drop(claims.insert("department".into(), json!(["secret value"]))));
    let (_app, user) = user_of(app).await;
    let error = user.extra::<Extra>().unwrap_err();
    assert_eq!(error.code(), "unexpected_claims");
    let text = error.to_string();
    assert!(text.contains("Extra") && !text.contains("secret value"), "{text}");
    let error = user.custom_data::<Vec<u8>>().await.unwrap_err();
    assert_eq!(error.code(), "unexpected_claims");
}

#[tokio::test]
async fn a_user_in_the_log_shows_no_claims_but_the_id() {
    let (_app, user) = user_of(app().await).await;
    let text = format!("{user:?}");
    assert!(text.contains("usr_ada") && !text.contains("Lovelace"), "{text}");
}
