//! The pages of the crate are in the visitor's language.

use axum::body::Body;
use http::{Request, StatusCode, header};
use logto_axum::Texts;
use logto_testing::TestProvider;

use crate::{
    app::{Answer, App},
    faulty_store::FaultyStore,
};

fn document(path: &str, language: &str) -> Request<Body> {
    let request = Request::get(path)
        .header("sec-fetch-dest", "document")
        .header(header::ACCEPT_LANGUAGE, language);
    request.body(Body::empty()).unwrap()
}

async fn open(app: &App, path: &str, language: &str) -> Answer {
    app.send(document(path, language)).await
}

#[tokio::test]
async fn every_page_is_in_the_language_of_the_visitor() {
    let app = App::start().await;
    for (language, button, failed) in [
        ("en-GB,en;q=0.9", "Sign in", "You did not sign in"),
        ("fr", "Se connecter", "Vous ne vous êtes pas connecté"),
        ("de-CH,de;q=0.9,en;q=0.8", "Anmelden", "Sie haben sich nicht angemeldet"),
        ("es-419", "Iniciar sesión", "No ha iniciado sesión"),
        ("ja", "Sign in", "You did not sign in"),
    ] {
        let tag = if language == "ja" { "en" } else { &language[..2] };
        let confirm = open(&app, "/sign-in", language).await.body;
        let failure = open(&app, "/callback?failed=access_denied", language).await.body;
        for page in [&confirm, &failure] {
            assert!(page.contains(&format!("<html lang=\"{tag}\">")), "{page}");
            assert!(page.contains(&format!("<button>{button}</button>")), "{page}");
        }
        assert!(failure.contains(&format!("<h1>{failed}</h1>")), "{failure}");
        assert!(failure.contains("<code>access_denied</code>"), "{failure}");
    }
}

#[tokio::test]
async fn a_refused_request_is_answered_in_the_language_of_the_visitor() {
    let app = App::start().await;
    let request = Request::post("/me")
        .header("sec-fetch-dest", "document")
        .header("sec-fetch-site", "cross-site")
        .header(header::ACCEPT_LANGUAGE, "de");
    let refused = app.send(request.body(Body::empty()).unwrap()).await.body;
    assert!(
        refused.contains("<h1>Die Anfrage kam von einer anderen Website</h1>"),
        "{refused}"
    );
}

#[tokio::test]
async fn the_page_of_a_store_outage_is_in_the_language_of_the_visitor() {
    let store = FaultyStore::default();
    let app = App::configured(|web| web.with_store(store.clone())).await;
    let browser = app.signed_in("ada").await;
    store.set_down(true);
    for (language, title) in [
        ("en", "Temporarily unavailable"),
        ("fr", "Temporairement indisponible"),
        ("de", "Vorübergehend nicht verfügbar"),
        ("es", "No disponible temporalmente"),
    ] {
        let page = browser.send(document("/", language)).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{page:?}");
        for part in [format!("<html lang=\"{language}\">"), format!("<h1>{title}</h1>")] {
            assert!(page.body.contains(&part), "{part}: {}", page.body);
        }
    }
}

#[tokio::test]
async fn texts_of_the_app_replace_those_of_the_crate_and_are_escaped() {
    let texts = Texts::default().with_messages("en", "sign-in = Log in & <go>");
    let app = App::with(TestProvider::builder().client("app", "secret").start().await, |web| {
        web.with_texts(texts)
    });
    let page = open(&app, "/sign-in", "en").await.body;
    assert!(page.contains("<h1>Log in &amp; &lt;go&gt;</h1>"), "{page}");
}

/// An app in English and French.
async fn bilingual() -> App {
    App::configured(|web| web.with_texts(Texts::default().with_languages(["en", "fr"]))).await
}

fn sign_in_form(language: &str, fields: &str) -> Request<Body> {
    let request = Request::post("/sign-in")
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT_LANGUAGE, language)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Body::from(fields.to_owned())).unwrap()
}

fn ui_locales(location: &str) -> Option<String> {
    let url: url::Url = location.parse().unwrap();
    let found = url.query_pairs().find(|(name, _)| name == "ui_locales");
    found.map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn the_pages_of_the_provider_are_in_the_language_of_the_app_that_the_visitor_sees() {
    let app = bilingual().await;
    for (accepted, expected) in [
        ("fr-CH,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.1,fr;q=0.9", "fr"),
        ("en-GB", "en"),
        ("it", "en"),
    ] {
        let by_form = app.send(sign_in_form(accepted, "")).await.location();
        let by_guard = open(&app, "/me", accepted).await.location();
        for url in [by_form, by_guard] {
            assert_eq!(ui_locales(&url).as_deref(), Some(expected), "{accepted}");
        }
    }
}

#[tokio::test]
async fn the_languages_of_one_sign_in_override_that_of_the_app() {
    let form = sign_in_form("fr", "ui_locales=de-CH+en");
    let url = bilingual().await.send(form).await.location();
    assert_eq!(ui_locales(&url).as_deref(), Some("de-CH en"));
}

#[tokio::test]
async fn the_provider_chooses_its_language_if_the_app_has_set_none() {
    let url = App::start().await.send(sign_in_form("fr", "")).await.location();
    assert_eq!(ui_locales(&url), None);
}
