//! Sign-in options: Rust code, forms and links support the same ones.

use http::{StatusCode, header};
use logto_axum::{Acr, DirectSignIn, FirstScreen, Identifier, Prompt, SignInOptions, WebConfig};
use logto_testing::{Endpoint, TestProvider};
use url::form_urlencoded;

use crate::{
    app::{App, BASE},
    base_urls::parameter,
};

const TOKEN: &str = "the-one-time-token";

/// Fails if a new option is missing here.
fn every_option(email: &str, token: &str) -> SignInOptions {
    let options = SignInOptions::new()
        .with_post_redirect("/page?a=1&b=\"2\"".replace('"', "%22"))
        .with_first_screen(FirstScreen::IdentifierSignIn)
        .with_identifiers([Identifier::Email, Identifier::Username])
        .with_login_hint(email)
        .with_direct_sign_in(DirectSignIn::sso("connector").unwrap())
        .with_organization_id("acme")
        .with_ui_locales(["de-CH".parse().unwrap(), "en".parse().unwrap()])
        .with_one_time_token(token)
        .with_acr_values(["urn:b".into(), Acr::FirstFactor])
        .with_max_age(120)
        .with_prompt([Prompt::Login, Prompt::Consent])
        .with_extra("theme", "dark & blue");
    let names: Vec<_> = options.to_fields().into_iter().map(|(name, _)| name).collect();
    assert!(names.into_iter().eq(SignInOptions::field_names().chain(["theme"])));
    options
}

async fn app(change: impl FnOnce(WebConfig) -> WebConfig) -> App {
    App::with(
        TestProvider::builder().client("app", "secret").step_up().start().await,
        change,
    )
}

/// The hidden fields of a page's form.
fn hidden_fields(page: &str) -> Vec<(String, String)> {
    let text = |text: &str| {
        let text = text.replace("&lt;", "<").replace("&gt;", ">");
        let text = text.replace("&quot;", "\"").replace("&#39;", "'");
        text.replace("&amp;", "&")
    };
    let field = |field: &str| {
        let (name, rest) = field.split_once("\" value=\"")?;
        Some((text(name), text(rest.split('"').next()?)))
    };
    page.split("<input type=hidden name=\"")
        .skip(1)
        .filter_map(field)
        .collect()
}

fn encoded(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

#[tokio::test]
async fn every_option_of_a_link_reaches_the_provider() {
    let app = app(|web| web.with_extra_parameter("theme")).await;
    app.provider.sign_in_as("ada");
    // A magic link signs in only the user whom it names.
    let email = "ada+'\"<&>@example.com";
    app.provider.update_user("ada", |user| user.email = Some(email.into()));
    let token = app.provider.one_time_token(email);
    let (browser, options) = (app.browser(), every_option(email, &token));
    let link = app.logto.sign_in_link(&options);
    let page = browser.get(link.strip_prefix(BASE).unwrap()).await;
    assert_eq!(page.status, StatusCode::OK);
    let fields = hidden_fields(&page.body);
    let expected = options
        .to_fields()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    assert_eq!(fields, expected.collect::<Vec<_>>());

    let start = browser.post("/sign-in", &encoded(&fields)).await;
    let callback = app.provider.authorize(&start.location()).await;
    let sent = app.provider.last_authorization().unwrap().params;
    for (name, value) in &fields {
        if name != "return_to" {
            assert_eq!(sent.all(name), [value.as_str()], "{name}");
        }
    }
    let end = browser.get(callback.strip_prefix(BASE).unwrap()).await;
    assert_eq!(end.location(), format!("{BASE}/page?a=1&b=%222%22"));
}

#[tokio::test]
async fn a_request_can_add_only_parameters_that_the_app_allows() {
    let fields = "theme=dark&scope=admin&resource=https://evil.example&state=x&redirect_uri=https://evil.example";
    for (extra, theme) in [(vec![], 0), (vec!["theme"], 1)] {
        let app = app(|web| extra.into_iter().fold(web, WebConfig::with_extra_parameter)).await;
        let page = app.browser().get(&format!("/sign-in?{fields}")).await;
        assert_eq!(hidden_fields(&page.body).len(), theme);
        let url = app.browser().post("/sign-in", fields).await.location();
        assert_eq!(url.matches("theme=dark").count(), theme, "{url}");
        assert!(!url.contains("evil") && !url.contains("admin"), "{url}");
        assert_ne!(parameter(&url, "state").as_deref(), Some("x"), "{url}");
    }
}

/// Mail scanners open links, but the token is valid only once. Only the button uses it.
#[tokio::test]
async fn a_magic_link_shows_a_button_and_sends_its_token_only_with_the_form() {
    let app = app(|web| web).await;
    let browser = app.browser();
    let page = browser
        .get(&format!("/sign-in?one_time_token={TOKEN}&login_hint=ada%40example.com"))
        .await;
    assert_eq!(app.provider.requests(Endpoint::Authorization), 0);
    assert!(page.cookies.is_empty() && page.body.contains("<button>Sign in</button>"));
    assert_eq!(
        page.headers[header::REFERRER_POLICY],
        "strict-origin",
        "no path in `Referer`, but an `Origin`"
    );
    assert_eq!(page.headers[header::CACHE_CONTROL], "private, no-store");
    assert!(
        page.body.contains(r#"<form method=post action="?">"#),
        "the form action has no token"
    );
    let start = browser.post("/sign-in", &encoded(&hidden_fields(&page.body))).await;
    assert!(start.location().contains(&format!("one_time_token={TOKEN}")));
    assert_eq!(start.headers[header::REFERRER_POLICY], "no-referrer");
}

/// Logto appends the connector ID to the client URL when a SAML sign-in starts at the identity
/// provider.
#[tokio::test]
async fn the_client_url_of_idp_initiated_sso_requests_its_connector_and_a_fresh_sign_in() {
    let app = app(|web| web).await;
    let browser = app.browser();
    let client_url = "/sign-in?direct_sign_in=sso:connector&prompt=login";
    let page = browser.get(&format!("{client_url}&ssoConnectorId=connector")).await;
    let start = browser.post("/sign-in", &encoded(&hidden_fields(&page.body))).await;
    app.provider.sign_in_as("ada");
    app.provider.authorize(&start.location()).await;
    let sent = app.provider.last_authorization().unwrap().params;
    assert_eq!(sent.all("direct_sign_in"), ["sso:connector"]);
    assert_eq!(sent.all("prompt"), ["login"]);
    assert!(sent.all("ssoConnectorId").is_empty());
}

#[tokio::test]
async fn a_link_with_an_invalid_option_is_rejected_before_the_confirmation_page() {
    let app = app(|web| web).await;
    for query in ["first_screen=nonsense", "max_age=soon", "login_hint=a&login_hint=b"] {
        let answer = app.browser().get(&format!("/sign-in?{query}")).await;
        assert_eq!(
            answer.location(),
            format!("{BASE}/failed?code=invalid_parameter"),
            "{query}"
        );
    }
}
