//! Tests of the options and the return path of a sign-in.

use axum::{
    Router,
    body::{Body, to_bytes},
    routing::any,
};
use http::{
    Request, header,
    request::{Builder, Parts},
};
use leptos::prelude::*;
use logto_leptos::{FirstScreen, Identifier, Logto, LogtoConfig, Prompt, SignIn, SignInOptions, WebConfig};
use tower::ServiceExt as _;

use crate::app::{App, BASE};

#[server(prefix = "/api", endpoint = "test/sign-in-from-here")]
async fn sign_in_from_here() -> Result<(), ServerFnError> {
    let signing_in = logto_leptos::sign_in(SignInOptions::default());
    signing_in.await.map_err(ServerFnError::new)
}

#[tokio::test]
async fn sign_in_returns_to_the_page_that_called_the_server_function() {
    let app = App::start().await;
    app.provider.sign_in_as("ada");
    // A form without JavaScript, and the `fetch` of an action.
    for accept in ["text/html", "application/json"] {
        for (referer, end) in [
            (format!("{BASE}/a?b=c"), "/a?b=c"),
            ("https://evil.example/a".into(), "/"),
        ] {
            let request = own_post("/api/test/sign-in-from-here")
                .header(header::ACCEPT, accept)
                .header(header::REFERER, &referer)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::empty())
                .unwrap();
            let answer = app.send(request).await;
            let callback = app.finish_sign_in(&answer).await;
            assert_eq!(callback.location(), format!("{BASE}{end}"), "{accept} {referer}");
        }
    }
}

/// The fields of the form that a browser would send.
fn fields(html: &str) -> Vec<(String, String)> {
    let attribute = |input: &str, name: &str| {
        let (_, rest) = input.split_once(&format!("{name}=\""))?;
        Some(rest.split('"').next()?.to_owned())
    };
    let field = |input: &str| Some((attribute(input, "name")?, attribute(input, "value")?));
    html.split("<input ").skip(1).filter_map(field).collect()
}

#[test]
fn the_sign_in_button_has_a_property_for_every_option_of_a_form() {
    let view = || {
        view! {
            <SignIn
                return_to="/after"
                first_screen=FirstScreen::IdentifierSignIn
                identifiers=[Identifier::Email, Identifier::Phone]
                login_hint="ada@example.com"
                direct_sign_in="sso:connector"
                organization_id="acme"
                ui_locales="de-CH en"
                one_time_token="t0ken"
                acr_values="urn:a urn:b"
                max_age=120
                prompt=[Prompt::Login, Prompt::Consent]
                extra=vec![("theme".to_owned(), "dark".to_owned())]
            >
                "Sign in"
            </SignIn>
        }
    };
    let html = Owner::new().with(|| view().to_html());
    let options = SignInOptions::from_fields(fields(&html), &["theme".to_owned()]).unwrap();
    let fields = options.to_fields();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("return_to", "/after"),
            ("first_screen", "identifier:sign_in"),
            ("identifier", "email phone"),
            ("login_hint", "ada@example.com"),
            ("direct_sign_in", "sso:connector"),
            ("organization_id", "acme"),
            ("ui_locales", "de-CH en"),
            ("one_time_token", "t0ken"),
            ("acr_values", "urn:a urn:b"),
            ("max_age", "120"),
            ("prompt", "login consent"),
            ("theme", "dark"),
        ]
    );
    let names = fields.into_iter().map(|(name, _)| name);
    assert!(names.eq(SignInOptions::field_names().chain(["theme"])));
}

/// The button is rendered on a page, or by a server function that a page calls.
#[tokio::test]
async fn the_sign_in_button_returns_to_the_current_page() {
    async fn render(parts: Parts) -> String {
        Owner::new().with(|| {
            provide_context(parts);
            view! { <SignIn>"Sign in"</SignIn> }.to_html()
        })
    }
    let config = LogtoConfig::new("https://tenant.logto.app", "app", "secret");
    let web = WebConfig::new(BASE, ["a secret of these tests, long enough".into()]);
    let logto = Logto::new(config, web).unwrap();
    let app = Router::new().route("/{*path}", any(render)).layer(logto.layer());
    for (request, page) in [
        (Request::get("/page?tab=1"), "/page?tab=1"),
        (Request::get("/sign-in"), ""),
        (
            own_post("/api/render").header(header::REFERER, format!("{BASE}/a?b=c")),
            "/a?b=c",
        ),
        (own_post("/api/render"), ""),
    ] {
        let answer = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let html = to_bytes(answer.into_body(), 1 << 16).await.unwrap();
        let html = String::from_utf8(html.to_vec()).unwrap();
        assert_eq!(fields(&html), [("return_to".to_owned(), page.to_owned())]);
    }
}

fn own_post(path: &str) -> Builder {
    Request::post(path)
        .header(header::ORIGIN, BASE)
        .header("sec-fetch-site", "same-origin")
}
