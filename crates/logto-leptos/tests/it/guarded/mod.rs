//! An app with requirements: server functions and pages.

mod allows;
mod function;
mod page;
mod protect;
mod tokens;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
};
use http::{HeaderMap, Request, StatusCode, header};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use logto_leptos::{Environment, Logto, LogtoConfig, RouterExt as _, UserScope, WebConfig, testing};
use logto_testing::{Browser, DEFAULT_RESOURCE, TestProvider};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use self::page::App;
use crate::app::BASE;

const HOUR: u64 = 3600;

/// The app and its provider.
struct Guarded {
    provider: TestProvider,
    router: Router,
    /// Each permit lets one late part of a page continue.
    gate: Arc<Semaphore>,
}

impl Guarded {
    async fn start() -> Self {
        Self::without_id_token_claims([]).await
    }

    /// The ID tokens of the tenant lack these claims.
    async fn without_id_token_claims<const N: usize>(names: [&str; N]) -> Self {
        let builder = TestProvider::builder().client("app", "secret");
        let provider = builder.without_id_token_claims(names).start().await;
        let scopes = [
            UserScope::Roles.as_str(),
            UserScope::Organizations.as_str(),
            "read:products",
        ];
        let config = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret())
            .with_scopes(scopes)
            .with_resources([DEFAULT_RESOURCE]);
        let web = WebConfig::new(BASE, ["a secret of thirty-two bytes or more".into()]);
        let environment = Environment::system(&config).unwrap();
        let environment = environment.with_clock(testing::clock(&provider.clock()));
        let logto = Logto::with_environment(config, web, environment).unwrap();
        let options = LeptosOptions::builder().output_name("app").build();
        let gate = Arc::new(Semaphore::new(0));
        let context = Arc::clone(&gate);
        let for_shell = options.clone();
        let router = Router::new()
            .leptos_routes_with_context(
                &options,
                generate_route_list(App),
                move || provide_context(Arc::clone(&context)),
                move || page::shell(for_shell.clone()),
            )
            .with_logto(&logto)
            .with_state(options);
        Self { provider, router, gate }
    }

    fn browser(&self) -> Browser {
        Browser::of(self.router.clone())
            .with_provider(&self.provider)
            .with_clock(self.provider.clock())
    }

    async fn signed_in(&self, user: &str) -> Browser {
        self.provider.sign_in_as(user);
        let browser = self.browser();
        let page = browser.post_form("/sign-in", [("return_to", "/")]).await;
        assert_eq!((page.status(), page.path()), (StatusCode::OK, "/"));
        browser
    }

    /// Opens a page whose late part continues only after the head was sent.
    async fn open_late(&self, browser: &Browser, path: &str) -> (StatusCode, HeaderMap, String) {
        let cookies = browser.cookies();
        let cookies: Vec<_> = cookies.iter().map(|c| format!("{}={}", c.name(), c.value())).collect();
        let request = Request::get(path)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, cookies.join("; "));
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap());
        let (head, body) = response.await.unwrap().into_parts();
        self.gate.add_permits(1);
        let body = to_bytes(body, 1 << 20).await.unwrap();
        (head.status, head.headers, String::from_utf8(body.to_vec()).unwrap())
    }
}

fn transactions(browser: &Browser) -> usize {
    let cookies = browser.cookies();
    cookies
        .iter()
        .filter(|cookie| cookie.name().starts_with("logto_tx_"))
        .count()
}
