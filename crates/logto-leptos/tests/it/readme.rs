//! The lines that the README tells people to write, as they stand there.

use axum::{
    Router,
    body::{Body, to_bytes},
};
use http::{Request, StatusCode};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use leptos_router::{
    SsrMode,
    components::{Route, Router as Pages, Routes},
    path,
};
use logto_axum::{ContentSecurityPolicy, CspDirective, Logto, LogtoConfig, UserScope, WebConfig};
use logto_leptos::{SignIn, SignOut, SignedIn, SignedOut, server_functions};
use tower::ServiceExt as _;

#[server(prefix = "/api", endpoint = "test/greeting")]
async fn greeting() -> Result<String, ServerFnError> {
    use logto_leptos::{ContextOptions, logto_context};
    let context = logto_context(ContextOptions::default()).await?;
    Ok(context
        .claims
        .and_then(|claims| claims.profile.name.clone())
        .unwrap_or_else(|| "stranger".to_owned()))
}

#[component]
fn Home() -> impl IntoView {
    let name = Resource::new_blocking(|| (), |()| greeting());
    view! {
        <SignedIn>
            <p>"Hello " <Suspense>{move || Suspend::new(async move { name.await })}</Suspense></p>
            <SignOut>"Sign out"</SignOut>
        </SignedIn>
        <SignedOut>
            <SignIn>"Sign in"</SignIn>
        </SignedOut>
    }
}

#[component]
fn App() -> impl IntoView {
    logto_leptos::provide_session();
    view! {
        <logto_leptos::SessionWatch />
        <Pages>
            <Routes fallback=|| "Not found">
                <Route path=path!("/") view=Home ssr=SsrMode::Async />
            </Routes>
        </Pages>
    }
}

fn shell(options: LeptosOptions) -> impl IntoView {
    logto_leptos::send_content_security_policy(&options);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <AutoReload options=options.clone() />
                <HydrationScripts options />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

pub(crate) fn app(leptos_options: LeptosOptions) -> Result<Router, Box<dyn std::error::Error>> {
    let (app_id, app_secret) = ("app", "secret");
    let cookie_secret = "a secret of thirty-two bytes that is not in the manual".into();
    let logto = Logto::new(
        LogtoConfig::new("https://your-tenant.logto.app", app_id, app_secret)
            .with_scopes([UserScope::Email])
            .with_resources(["https://api.example.com"]),
        WebConfig::new("https://app.example.com", [cookie_secret]),
    )?;
    let app = Router::new()
        .leptos_routes(&leptos_options, generate_route_list(App), {
            let leptos_options = leptos_options.clone();
            move || shell(leptos_options.clone())
        })
        .fallback(leptos_axum::file_and_error_handler(shell))
        .merge(logto.routes()) // POST /sign-in, GET /callback, POST /sign-out, POST /backchannel-logout
        .layer(logto.layer().with_server_functions(server_functions())) // after all routes
        .with_state(leptos_options);
    Ok(app)
}

#[tokio::test]
async fn the_readmes_app_shows_a_visitor_the_sign_in_button_and_nothing_else() {
    let app = app(LeptosOptions::builder().output_name("app").build()).unwrap();
    let answer = app
        .oneshot(Request::get("/").body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let page = String::from_utf8(body.to_vec()).unwrap();
    assert!(
        page.contains("action=\"/sign-in\"") && page.contains("Sign in"),
        "{page}"
    );
    assert!(!page.contains("Sign out") && !page.contains("Hello"), "{page}");
    assert!(
        page.contains(r#"data-logto-session="signed-out""#) && page.contains(r#"src="/logto-session.js""#),
        "{page}"
    );
    assert!(!page.contains("signed-in"), "{page}");
}

#[test]
fn the_readmes_policy_is_one_that_can_be_sent() {
    let web = WebConfig::new(
        "https://app.example.com",
        ["a secret that is not in the manual either".into()],
    );
    let web = web.with_content_security_policy(
        ContentSecurityPolicy::default()
            .allow(CspDirective::ImgSrc, "https:") // profile pictures come from anywhere
            .allow(CspDirective::ConnectSrc, "https://api.example.com")
            .allow(CspDirective::FormAction, "https://www.example.com"), // where a form, or a redirect after it, leads
    );
    let config = LogtoConfig::new("https://your-tenant.logto.app", "app", "secret");
    let logto = Logto::new(config, web).unwrap();
    let header = logto.content_security_policy().unwrap().to_header(None);
    let policy = header.to_str().unwrap();
    for line in [
        "img-src 'self' data: https:;",
        "connect-src 'self' https://api.example.com;",
        "form-action 'self' https://www.example.com https://app.example.com https://your-tenant.logto.app;",
    ] {
        assert!(policy.contains(line), "{policy}");
    }
}
