//! Two tenants with a provider each, in one app.

#![allow(clippy::unwrap_used, reason = "a panic is how a test reports")]

use axum::Router;
use example_multi_tenant::{router, tenant};
use logto_axum::Logto;
use logto_testing::{Browser, TestProvider, User};

/// A tenant and its provider.
struct Tenant {
    base_url: String,
    provider: TestProvider,
    logto: Logto,
}

impl Tenant {
    async fn start(name: &str) -> Self {
        let base_url = format!("http://{name}.localhost:3000");
        let provider = TestProvider::builder()
            .client(name, "an app secret")
            .redirect_uri(&format!("{base_url}/callback"))
            .start()
            .await;
        let logto = tenant(|variable| match variable {
            "LOGTO_ENDPOINT" => Some(provider.endpoint().to_owned()),
            "LOGTO_APP_ID" => Some(name.to_owned()),
            "LOGTO_APP_SECRET" => Some("an app secret".to_owned()),
            "LOGTO_COOKIE_SECRET" => Some("a-secret-that-both-tenants-share-by-mistake".to_owned()),
            "LOGTO_BASE_URL" => Some(base_url.clone()),
            _ => None,
        });
        Self {
            base_url,
            logto: logto.unwrap(),
            provider,
        }
    }

    fn browser(&self, app: &Router) -> Browser {
        Browser::of(app.clone()).at(&self.base_url)
    }
}

async fn tenants() -> (Router, Tenant, Tenant) {
    let (acme, globex) = (Tenant::start("acme").await, Tenant::start("globex").await);
    let app = router([&acme, &globex].map(|tenant| tenant.logto.clone()));
    (app, acme, globex)
}

#[tokio::test]
async fn each_tenant_signs_in_at_its_own_logto() {
    let (app, acme, globex) = tenants().await;
    acme.provider.sign_in_as("ada");
    globex.provider.sign_in_as("bob");
    for (tenant, expected) in [
        (&acme, "orders of usr_ada at acme"),
        (&globex, "orders of usr_bob at globex"),
    ] {
        let browser = tenant.browser(&app).with_provider(&tenant.provider);
        let page = browser.get("/orders").await;
        assert_eq!((page.path(), page.body()), ("/orders", expected));
    }
}

#[tokio::test]
async fn a_session_of_one_tenant_is_none_of_another() {
    let (app, acme, globex) = tenants().await;
    let ada = acme.browser(&app).signed_in_as(&acme.logto, User::new("ada")).await;
    assert_eq!(ada.fetch("/orders").await.status(), 200);
    let cookies: Vec<_> = ada
        .cookies()
        .iter()
        .map(|cookie| format!("{}={}", cookie.name().replace("acme", "globex"), cookie.value()))
        .collect();
    assert!(!cookies.is_empty());
    let browser = globex.browser(&app);
    let answer = browser.fetch("/orders").header("cookie", &cookies.join("; ")).await;
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn an_unknown_host_has_no_tenant() {
    let (app, ..) = tenants().await;
    let browser = Browser::of(app).at("http://initech.localhost:3000");
    assert_eq!(browser.get("/").await.status(), 404);
}
