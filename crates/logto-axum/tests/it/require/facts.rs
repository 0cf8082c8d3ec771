//! The facts that decide: claims, userinfo and access tokens. An error never allows.

use axum::{Router, routing::get};
use http::StatusCode;
use logto_axum::{AuthSession, Diagnose as _, Requirement, organization, role, scope, signed_in};
use logto_testing::{CapturedLogs, DEFAULT_RESOURCE, Endpoint, HttpFault, TestProvider, TokenFault};

use super::{HOUR, SCOPES, allowed, guarded, guarded_with, open, outcome, provider, refused};
use crate::{app::App, faulty_store::FaultyStore};

pub(super) async fn without_lists() -> TestProvider {
    let lists = ["roles", "organizations", "organization_roles"];
    let builder = TestProvider::builder().client("app", "secret");
    builder.without_id_token_claims(lists).start().await
}

/// The outcome for a user who has just signed in.
async fn outcome_for(user: &str, requirement: impl Into<Requirement>) -> (u16, String) {
    let app = guarded(requirement).await;
    let browser = app.signed_in(user).await;
    outcome(&browser).await
}

#[tokio::test]
async fn roles_come_from_the_id_token() {
    assert_eq!(outcome_for("ada", role("admin")).await, allowed("ada"));
    assert_eq!(outcome_for("ada", role("Admin")).await, refused(403, "forbidden"));
    assert_eq!(outcome_for("bob", role("admin")).await, refused(403, "forbidden"));
    assert_eq!(outcome_for("bob", role("admin").or(signed_in())).await, allowed("bob"));
}

#[tokio::test]
async fn organizations_and_their_roles_come_from_the_id_token() {
    for (required, is_met) in [
        (organization("acme"), true),
        (organization("globex").member(), true),
        (organization("acme").role("admin"), true),
        (organization("globex").role("member"), true),
        (organization("initech"), false),
        (organization("globex").role("admin"), false),
        (organization("acme").role("admin").role("owner"), false),
    ] {
        let expected = if is_met {
            allowed("ada")
        } else {
            refused(403, "forbidden")
        };
        assert_eq!(outcome_for("ada", required.clone()).await, expected, "{required:?}");
        assert_eq!(outcome_for("bob", required).await, refused(403, "forbidden"));
    }
}

#[tokio::test]
async fn lists_that_the_id_token_lacks_come_from_userinfo() {
    for (required, is_met) in [
        (role("admin"), true),
        (role("owner"), false),
        (organization("acme").into(), true),
        (organization("initech").into(), false),
        (organization("acme").role("admin").into(), true),
        (organization("globex").role("admin").into(), false),
        (role("admin").and(organization("acme").member().role("admin")), true),
    ] {
        let app = guarded_with(without_lists().await, &required, |web| web);
        let browser = app.signed_in("ada").await;
        let expected = if is_met {
            allowed("ada")
        } else {
            refused(403, "forbidden")
        };
        app.provider.clear_log();
        assert_eq!(outcome(&browser).await, expected, "{required:?}");
        assert_eq!(app.provider.requests(Endpoint::UserInfo), 1, "{required:?}");
    }
}

#[tokio::test]
async fn scopes_of_an_organization_come_from_its_token() {
    let of_api = |id, name: &str| organization(id).scope(scope(name).on(DEFAULT_RESOURCE));
    for (required, is_met) in [
        (organization("acme").scope("invite:members"), true),
        (organization("acme").role("admin").scope("invite:members"), true),
        (organization("globex").scope("invite:members"), false),
        (organization("initech").scope("invite:members"), false),
        (of_api("acme", "read:products"), true),
        (of_api("acme", "write:products"), false),
        (of_api("globex", "read:products"), false),
    ] {
        let app = guarded(required.clone()).await;
        let browser = app.signed_in("ada").await;
        let expected = if is_met {
            allowed("ada")
        } else {
            refused(403, "forbidden")
        };
        for _ in 0..2 {
            assert_eq!(outcome(&browser).await, expected, "{required:?}");
        }
        let tokens = app.provider.requests(Endpoint::Token);
        assert_eq!(tokens, 2, "the code, and one organization token: {required:?}");
    }
}

#[tokio::test]
async fn scopes_of_a_resource_come_from_its_token() {
    let write = || scope("write:products");
    assert_eq!(outcome_for("ada", write()).await, allowed("ada"));
    assert_eq!(outcome_for("ada", write().on(DEFAULT_RESOURCE)).await, allowed("ada"));
    assert_eq!(outcome_for("bob", write()).await, refused(403, "forbidden"));
    assert_eq!(outcome_for("bob", scope("read:products")).await, allowed("bob"));
}

#[tokio::test]
async fn a_token_is_requested_once() {
    let app = guarded(scope("read:products").and(scope("write:products"))).await;
    let browser = app.signed_in("ada").await;
    app.provider.clear_log();
    for _ in 0..3 {
        assert_eq!(outcome(&browser).await, allowed("ada"));
    }
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn nothing_more_is_requested_once_the_decision_is_certain() {
    for required in [
        role("admin").or(scope("read:products")),
        role("owner").and(scope("read:products")),
    ] {
        let app = guarded(&required).await;
        let browser = app.signed_in("ada").await;
        app.provider.clear_log();
        outcome(&browser).await;
        assert!(app.provider.log().is_empty(), "{required:?}");
    }
}

#[tokio::test]
async fn a_token_that_the_tenants_script_denies_has_no_scopes() {
    let app = guarded(scope("read:products")).await;
    let browser = app.signed_in("ada").await;
    app.provider.fault(TokenFault::DeniedByScript);
    assert_eq!(outcome(&browser).await, refused(403, "forbidden"));
}

/// Each of these depends on the provider in this app, whose ID tokens have no lists.
fn requirements() -> Vec<Requirement> {
    vec![
        role("admin"),
        role("admin").or(role("owner")),
        role("owner").or(scope("read:products")),
        organization("acme").into(),
        organization("acme").role("admin").into(),
        organization("acme").scope("invite:members").into(),
        scope("read:products").into(),
        scope("read:products").and(signed_in()),
    ]
}

#[tokio::test]
async fn nothing_is_allowed_while_the_provider_is_down() {
    for required in requirements() {
        for fault in [
            HttpFault::Status(500),
            HttpFault::RetryAfter(503, "7"),
            HttpFault::Reset,
        ] {
            let app = guarded_with(without_lists().await, &required, |web| web);
            let browser = app.signed_in("ada").await;
            app.provider.fault(fault.clone().at(Endpoint::Token));
            app.provider.fault(fault.at(Endpoint::UserInfo));
            let page = open(&browser, "/guarded").await;
            assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{required:?}");
            assert!(page.headers.contains_key("retry-after"), "{required:?}");
            assert_eq!(outcome(&browser).await.0, 503, "{required:?}");
        }
    }
}

#[tokio::test]
async fn an_alternative_that_needs_no_provider_is_allowed_while_it_is_down() {
    let app = guarded(scope("read:products").or(role("admin"))).await;
    let browser = app.signed_in("ada").await;
    app.provider.fault(HttpFault::Status(500).at(Endpoint::Token));
    assert_eq!(outcome(&browser).await, allowed("ada"));
}

/// The session survives an outage, but roles of an expired ID token may be out of date.
#[tokio::test]
async fn roles_of_an_expired_id_token_do_not_count_while_the_provider_is_down() {
    for (required, expected) in [
        (signed_in(), 200),
        (role("admin"), 503),
        (organization("acme").into(), 503),
    ] {
        let app = guarded(&required).await;
        let browser = app.signed_in("ada").await;
        app.provider.clock().advance(HOUR + 1);
        app.provider.fault(HttpFault::Status(500).at(Endpoint::Token));
        assert_eq!(outcome(&browser).await.0, expected, "{required:?}");
        app.provider.clear_faults();
        app.provider.clock().advance(60);
        assert_eq!(outcome(&browser).await, allowed("ada"), "{required:?}");
    }
}

#[tokio::test]
async fn nothing_is_allowed_while_the_store_is_down() {
    for required in requirements().into_iter().chain([signed_in()]) {
        let store = FaultyStore::default();
        let app = guarded_with(provider().await, &required, |web| web.with_store(store.clone()));
        let browser = app.signed_in("ada").await;
        assert_eq!(outcome(&browser).await.0, 200, "{required:?}");
        store.set_down(true);
        let page = open(&browser, "/guarded").await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{required:?}");
        assert_eq!(outcome(&browser).await.0, 503, "{required:?}");
        assert_eq!(browser.transactions(), 0);
        store.set_down(false);
        assert_eq!(outcome(&browser).await.0, 200, "{required:?}");
    }
}

/// The configuration is reported in the log, and nothing is allowed.
async fn assert_not_configured(app: App, advice: &str) {
    let (logs, _capture) = CapturedLogs::of_this_thread();
    let browser = app.signed_in("ada").await;
    app.provider.clear_log();
    assert_eq!(outcome(&browser).await, refused(500, "requirement_not_configured"));
    assert!(app.provider.log().is_empty());
    let log = logs.text();
    assert!(log.contains("ERROR") && log.contains(advice), "{advice} in {log}");
}

#[tokio::test]
async fn an_unknown_resource_is_an_error_of_the_configuration() {
    let unknown = "https://unknown.example.com";
    for required in [
        Requirement::from(scope("read:products").on(unknown)),
        organization("acme").scope(scope("read:products").on(unknown)).into(),
    ] {
        assert_not_configured(guarded(required).await, "LogtoConfig::with_resources").await;
    }
}

#[tokio::test]
async fn a_scope_without_a_resource_needs_exactly_one_in_the_configuration() {
    let other = "https://other.example.com".to_owned();
    let builder = TestProvider::builder().client("app", "secret");
    let provider = builder.resource(DEFAULT_RESOURCE).resource(&other).start().await;
    let app = App::with_scopes(provider, &[], &[other], |web| web);
    let router = super::router(&app.logto, scope("read:products"));
    assert_not_configured(app.map_router(|_| router), ".on(").await;
}

#[tokio::test]
async fn a_claim_whose_scope_is_not_requested_is_an_error_of_the_configuration() {
    let app = App::start().await;
    let router = super::router(&app.logto, role("admin"));
    assert_not_configured(app.map_router(|_| router), "needs the scope `roles`").await;
}

/// Userinfo leaves out a list whose scope was not requested, so the list is unknown, not empty.
#[tokio::test]
async fn a_list_that_userinfo_lacks_is_unknown_unless_its_scope_is_requested() {
    for (required, expected) in [
        (organization("acme").or(role("admin")), allowed("ada")),
        (organization("initech").and(role("admin")), refused(403, "forbidden")),
        (
            organization("initech").or(role("admin")),
            refused(500, "requirement_not_configured"),
        ),
        (
            organization("acme").and(role("owner")),
            refused(500, "requirement_not_configured"),
        ),
    ] {
        let app = App::with(without_lists().await, |web| web);
        let router = super::router(&app.logto, required.clone());
        let app = app.map_router(|_| router);
        let browser = app.signed_in("ada").await;
        let (logs, _capture) = CapturedLogs::of_this_thread();
        assert_eq!(outcome(&browser).await, expected, "{required:?}");
        let names_the_scope = logs.text().contains("needs the scope `roles`");
        assert_eq!(names_the_scope, expected.0 == 500, "{}", logs.text());
    }
}

#[tokio::test]
async fn a_scope_that_no_sign_in_requests_is_an_error_of_the_configuration_if_it_decides() {
    let unrequested = || scope("delete:products");
    for (required, expected) in [
        (unrequested().into(), refused(500, "requirement_not_configured")),
        (
            organization("acme").scope("delete:members").into(),
            refused(500, "requirement_not_configured"),
        ),
        (
            role("admin").and(unrequested()),
            refused(500, "requirement_not_configured"),
        ),
        (role("admin").or(unrequested()), allowed("ada")),
        (unrequested().or(scope("read:products")), allowed("ada")),
        (role("owner").and(unrequested()), refused(403, "forbidden")),
        (scope("invite:members").and(unrequested()), refused(403, "forbidden")),
    ] {
        let app = guarded(&required).await;
        let browser = app.signed_in("ada").await;
        let (logs, _capture) = CapturedLogs::of_this_thread();
        assert_eq!(outcome(&browser).await, expected, "{required:?}");
        let names_the_scope = logs.text().contains("needs the scope `delete:");
        assert_eq!(names_the_scope, expected.0 == 500, "{}", logs.text());
    }
}

#[tokio::test]
async fn a_signed_out_browser_meets_no_requirement() {
    for required in requirements().into_iter().chain([signed_in()]) {
        let app = guarded(&required).await;
        assert_eq!(
            outcome(&app.browser()).await,
            refused(401, "not_signed_in"),
            "{required:?}"
        );
        assert!(app.provider.log().is_empty());
    }
}

/// An app whose page decides a requirement that the browser has named.
async fn deciding_for_browser(provider: TestProvider, required: Requirement) -> App {
    let check = async move |auth: AuthSession| match auth.check_for_browser(&required).await {
        Ok(()) => "allowed".to_owned(),
        Err(error) => error.code().to_owned(),
    };
    let app = App::with_scopes(provider, &SCOPES, &[], |web| web);
    let router = Router::new()
        .route("/guarded", get(check))
        .merge(app.logto.routes())
        .layer(app.logto.layer());
    app.map_router(|_| router)
}

#[tokio::test]
async fn a_requirement_that_the_browser_names_is_decided_by_the_server() {
    for (user, expected) in [("ada", "allowed"), ("bob", "forbidden")] {
        let app = deciding_for_browser(provider().await, role("admin")).await;
        let browser = app.signed_in(user).await;
        assert_eq!(outcome(&browser).await, (200, expected.to_owned()), "{user}");
    }
    let app = deciding_for_browser(provider().await, role("admin")).await;
    assert_eq!(outcome(&app.browser()).await, (200, "not_signed_in".to_owned()));
}

/// A script on the page could name any organization, and each would cost a request.
#[tokio::test]
async fn the_browser_causes_token_requests_for_the_users_own_organizations_only() {
    for (id, expected, requests) in [
        ("acme", "allowed", 1),
        ("globex", "forbidden", 1),
        ("initech", "forbidden", 0),
    ] {
        for provider in [provider().await, without_lists().await] {
            let required = organization(id).scope("invite:members");
            let app = deciding_for_browser(provider, required.into()).await;
            let browser = app.signed_in("ada").await;
            app.provider.clear_log();
            assert_eq!(outcome(&browser).await, (200, expected.to_owned()), "{id}");
            assert_eq!(app.provider.requests(Endpoint::Token), requests, "{id}");
        }
    }
}
