//! Tokens of machine-to-machine apps.

use logto::{
    AccessToken, Diagnose as _, GrantError, MachineClient, MachineTokenRequest, OAuthError, RequestError, TokenTarget,
};
use logto_testing::{
    DEFAULT_RESOURCE, Endpoint, HttpFault, MachineApp, Membership, TestProvider, TestProviderBuilder, TokenFault,
};
use serde_json::json;

use crate::harness::{Harness, all_text, in_time, text};

const SECRET: &str = "the secret of the worker";

fn builder() -> TestProviderBuilder {
    let acme = Membership::of("acme")
        .with_permission("manage:settings")
        .with_resource_permission(DEFAULT_RESOURCE, "write:products");
    let worker = MachineApp::new("worker", SECRET)
        .with_permission(DEFAULT_RESOURCE, "read:products")
        .with_permission(DEFAULT_RESOURCE, "list:products")
        .with_organization(acme);
    TestProvider::builder().machine_app(worker)
}

async fn start() -> (Harness, MachineClient) {
    let harness = Harness::of(builder()).await;
    let machine = harness.client.machine("worker", SECRET);
    (harness, machine)
}

fn products() -> MachineTokenRequest {
    MachineTokenRequest::resource(DEFAULT_RESOURCE).with_scopes(["read:products"])
}

fn same(left: &AccessToken, right: &AccessToken) -> bool {
    text(&left.secret) == text(&right.secret)
}

#[tokio::test]
async fn a_machine_token_is_for_the_app_itself_and_has_the_scopes_that_were_asked_for() {
    let (harness, machine) = start().await;
    let token = machine.token(products()).await.unwrap();
    assert_eq!(token.scopes, ["read:products"]);
    let claims = token.unverified_claims().unwrap();
    assert_eq!(
        (claims.sub.as_str(), claims.client_id.as_deref()),
        ("worker", Some("worker"))
    );
    assert!(claims.aud.contains(DEFAULT_RESOURCE) && claims.organization().is_none() && claims.act.is_none());
    let request = harness.logged(Endpoint::Token).remove(0);
    assert_eq!(request.grant_type(), Some("client_credentials"));
    assert_eq!(request.scope(), Some("read:products"));
    let unasked = machine.token(TokenTarget::resource(DEFAULT_RESOURCE)).await.unwrap();
    assert!(
        unasked.scopes.is_empty(),
        "scopes that are not asked for are not granted"
    );
}

#[tokio::test]
async fn the_target_determines_the_claims_of_a_machine_token() {
    let (_harness, machine) = start().await;
    let organization = MachineTokenRequest::organization("acme").with_scopes(["manage:settings"]);
    let claims = machine.token(organization).await.unwrap().unverified_claims().unwrap();
    assert!(claims.aud.contains("urn:logto:organization:acme") && claims.organization_id.is_none());
    let both = MachineTokenRequest::resource(DEFAULT_RESOURCE)
        .in_organization("acme")
        .with_scopes(["write:products"]);
    let claims = machine.token(both).await.unwrap().unverified_claims().unwrap();
    assert!(claims.aud.contains(DEFAULT_RESOURCE) && claims.has_scope("write:products"));
    assert_eq!(claims.organization_id.as_deref(), Some("acme"));
    let empty = machine.token(MachineTokenRequest::organization("acme")).await.unwrap();
    assert!(empty.scopes.is_empty());
}

#[tokio::test]
async fn a_cached_machine_token_costs_no_request() {
    let (harness, machine) = start().await;
    let both = |scopes: [&'static str; 2]| MachineTokenRequest::resource(DEFAULT_RESOURCE).with_scopes(scopes);
    let first = machine.token(both(["read:products", "list:products"])).await.unwrap();
    let again = machine
        .clone()
        .token(both(["list:products", "read:products"]))
        .await
        .unwrap();
    assert!(same(&first, &again), "the order of scopes makes no difference");
    assert_eq!(harness.provider.requests(Endpoint::Token), 1);
    let other = machine.token(products()).await.unwrap();
    assert!(!same(&first, &other));
    assert_eq!(harness.provider.requests(Endpoint::Token), 2);
}

#[tokio::test]
async fn concurrent_callers_share_one_request_for_a_machine_token() {
    let (harness, machine) = start().await;
    let held = harness.provider.hold(Endpoint::Token);
    let release = async {
        harness.provider.wait_for_requests(Endpoint::Token, 1).await;
        held.release();
    };
    let (one, two, three, ()) = tokio::join!(
        machine.token(products()),
        machine.token(products()),
        machine.token(products()),
        release
    );
    assert!(same(&one.as_ref().unwrap().clone(), &two.unwrap()) && same(&one.unwrap(), &three.unwrap()));
    assert_eq!(harness.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_machine_token_is_renewed_in_the_background_before_it_expires() {
    let (harness, machine) = start().await;
    let first = machine.token(products()).await.unwrap();
    harness.provider.clock().advance(3600 - 301);
    assert!(same(&first, &machine.token(products()).await.unwrap()));
    assert_eq!(harness.provider.requests(Endpoint::Token), 1);
    harness.provider.clock().advance(1);
    let held = harness.provider.hold(Endpoint::Token);
    let during = in_time(machine.token(products())).await.unwrap();
    assert!(same(&first, &during), "the caller does not wait");
    in_time(harness.provider.wait_for_requests(Endpoint::Token, 2)).await;
    assert!(same(&first, &machine.token(products()).await.unwrap()));
    held.release();
    harness.provider.clock().advance(290);
    let renewed = machine.token(products()).await.unwrap();
    assert!(
        !same(&first, &renewed),
        "a token that could expire on its way is not handed out"
    );
    assert_eq!(harness.provider.requests(Endpoint::Token), 2, "one in flight");
}

#[tokio::test]
async fn a_failed_renewal_keeps_the_machine_token_until_it_expires() {
    let (harness, machine) = start().await;
    let first = machine.token(products()).await.unwrap();
    harness.provider.fault(HttpFault::Status(503).at(Endpoint::Token));
    harness.provider.clock().advance(3400);
    assert!(same(&first, &machine.token(products()).await.unwrap()));
    in_time(harness.provider.wait_for_requests(Endpoint::Token, 2)).await;
    harness.provider.clock().advance(195);
    let error = machine.token(products()).await.unwrap_err();
    assert_eq!((error.code(), error.is_transient()), ("provider_unavailable", true));
}

#[tokio::test]
async fn after_a_failure_the_provider_is_asked_again_after_five_seconds_or_when_it_says() {
    let (harness, machine) = start().await;
    for (fault, wait, asked) in [
        (HttpFault::Status(500), 5, 1),
        (HttpFault::RetryAfter(429, "30"), 30, 2),
        (HttpFault::RetryAfter(503, "86400"), 60, 3),
    ] {
        harness.provider.fault_once(fault.at(Endpoint::Token));
        assert!(machine.token(products()).await.is_err());
        harness.provider.clock().advance(wait - 1);
        assert!(machine.token(products()).await.is_err());
        assert_eq!(harness.provider.requests(Endpoint::Token), asked, "{wait}");
        harness.provider.clock().advance(1);
    }
    machine.token(products()).await.unwrap();
}

#[tokio::test]
async fn each_refusal_of_a_machine_token_is_named() {
    let (harness, machine) = start().await;
    let resource = |name: &str| MachineTokenRequest::resource(name);
    let asked = || harness.provider.requests(Endpoint::Token);
    for (request, error, code) in [
        (
            TokenTarget::USER_INFO.into(),
            GrantError::NoTarget,
            "token_target_missing",
        ),
        (resource(""), GrantError::EmptyTarget, "token_target_empty"),
        (
            resource(DEFAULT_RESOURCE).in_organization(""),
            GrantError::EmptyTarget,
            "token_target_empty",
        ),
    ] {
        let refused: MachineTokenRequest = request;
        let refused = machine.token(refused).await.unwrap_err();
        assert_eq!((&refused, refused.code()), (&error, code));
    }
    assert_eq!(asked(), 0, "no request was sent");
    let missing = |scopes: &[&str]| GrantError::MissingScopes(scopes.iter().map(|&scope| scope.to_owned()).collect());
    for (request, error, code) in [
        (
            resource("https://unknown.example"),
            GrantError::Refused(OAuthError::InvalidTarget),
            "invalid_target",
        ),
        (
            MachineTokenRequest::organization("globex"),
            GrantError::OrganizationDenied,
            "organization_access_denied",
        ),
        // Logto answers 200 without `scope`.
        (
            resource(DEFAULT_RESOURCE).with_scopes(["delete:products"]),
            missing(&["delete:products"]),
            "token_scopes_missing",
        ),
        (
            products().with_scopes(["delete:products"]),
            missing(&["delete:products"]),
            "token_scopes_missing",
        ),
        (
            MachineTokenRequest::organization("acme").with_scopes(["invite:members"]),
            missing(&["invite:members"]),
            "token_scopes_missing",
        ),
    ] {
        let refused = machine.token(request).await.unwrap_err();
        assert_eq!(
            (&refused, refused.code(), refused.is_transient()),
            (&error, code, false)
        );
    }
    let app = harness
        .client
        .machine(harness.provider.app_id(), harness.provider.app_secret());
    assert_eq!(
        app.token(products()).await.unwrap_err(),
        GrantError::NotAllowed,
        "not a machine app"
    );
    for (id, secret) in [("worker", "wrong"), ("unknown", SECRET)] {
        let error = harness.client.machine(id, secret).token(products()).await.unwrap_err();
        assert_eq!(error, GrantError::Refused(OAuthError::InvalidClient));
        assert!(!all_text(&error).contains(secret));
    }
}

#[tokio::test]
async fn rejects_machine_tokens_that_no_request_could_carry() {
    let (harness, machine) = start().await;
    let with = |field: &'static str, value: serde_json::Value| {
        TokenFault::response(move |response| drop(response.insert(field.to_owned(), value.clone())))
    };
    for fault in [
        TokenFault::AccessTokenEmpty,
        TokenFault::AccessTokenMissing,
        TokenFault::TokenTypeMissing,
        TokenFault::TokenTypeOther,
        TokenFault::ExpiresInNegative,
        TokenFault::ExpiresInString,
        with("access_token", json!("a\r\nx: y")),
        with("access_token", json!("ü")),
        with("scope", json!(["read:products"])),
    ] {
        harness.provider.fault_once(fault);
        let error = machine.token(products()).await.unwrap_err();
        assert!(
            matches!(error, GrantError::Request(RequestError::InvalidResponse(_))),
            "{error:?}"
        );
        harness.provider.clock().advance(5);
    }
    harness.provider.fault_once(TokenFault::ExpiresInMissing);
    let token = machine.token(products()).await.unwrap();
    assert_eq!(token.expires, harness.client.now().plus(300));
}

#[tokio::test]
async fn a_rejected_machine_token_is_renewed_unless_it_is_only_seconds_old() {
    let (harness, machine) = start().await;
    let first = machine.token(products()).await.unwrap();
    let same_one = machine.renew(products(), &first).await.unwrap();
    assert!(same(&first, &same_one));
    harness.provider.clock().advance(10);
    let second = machine.renew(products(), &first).await.unwrap();
    assert!(!same(&first, &second));
    harness.provider.clock().advance(10);
    let current = machine.renew(products(), &first).await.unwrap();
    assert!(same(&second, &current), "another caller has renewed it");
    assert_eq!(harness.provider.requests(Endpoint::Token), 2);
}

#[test]
fn the_secret_of_a_machine_app_is_not_printed() {
    let config = logto::LogtoConfig::public_client("https://tenant.logto.app", "app");
    let environment = logto::Environment::system(&config).unwrap();
    let machine = logto::LogtoClient::new(config, environment)
        .unwrap()
        .machine("worker", SECRET);
    let printed = format!("{machine:?} {:?}", machine.management());
    assert!(printed.contains("worker") && !printed.contains(SECRET), "{printed}");
}
