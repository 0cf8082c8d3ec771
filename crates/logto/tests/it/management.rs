//! The Management API.

use logto::{
    Diagnose as _, GrantError, ManagementClient, ManagementError, ManagementErrorKind, RequestError, Timestamp,
    TokenExchange,
    management::{NewInvitation, NewOrganization, NewPersonalAccessToken, OrganizationRoles},
};
use logto_testing::{Endpoint, HttpFault, MachineApp, TestProvider, TestProviderBuilder, User};
use serde_json::Value;

use crate::harness::Harness;

const RESOURCE: &str = "https://default.logto.app/api";

pub(crate) fn builder() -> TestProviderBuilder {
    let admin = MachineApp::new("admin", "a secret").with_management_api();
    TestProvider::builder()
        .machine_app(admin)
        .machine_app(MachineApp::new("powerless", "a secret"))
}

pub(crate) async fn start() -> (Harness, ManagementClient) {
    start_with(builder()).await
}

pub(crate) async fn start_with(builder: TestProviderBuilder) -> (Harness, ManagementClient) {
    let harness = Harness::of(builder).await;
    let management = harness.client.machine("admin", "a secret").management();
    (harness, management)
}

pub(crate) fn kind<T: std::fmt::Debug>(result: Result<T, ManagementError>) -> ManagementErrorKind {
    result.unwrap_err().kind().unwrap()
}

pub(crate) fn in_a_week(harness: &Harness) -> Timestamp {
    harness.client.now().plus(7 * 86_400)
}

#[tokio::test]
async fn the_token_is_for_the_management_api_and_is_cached() {
    let (harness, management) = start().await;
    let ada: Value = management.get(&["users", "usr_ada"]).await.unwrap();
    assert_eq!(ada["username"], "ada");
    management.clone().get::<Value>(&["users", "usr_bob"]).await.unwrap();
    let tokens = harness.logged(Endpoint::Token);
    assert_eq!(tokens.len(), 1);
    assert_eq!((tokens[0].resource(), tokens[0].scope()), (Some(RESOURCE), Some("all")));
    let calls = harness.logged(Endpoint::Management);
    assert_eq!(calls[0].path, "/api/users/usr_ada");
}

#[tokio::test]
async fn an_organization_is_created_and_gets_members_with_roles() {
    let (harness, management) = start().await;
    let new = NewOrganization::new("Initech")
        .with_description("Printers")
        .with_mfa_required(true);
    let initech = management.create_organization(&new).await.unwrap();
    assert_eq!(
        (initech.name.as_str(), initech.description.as_deref()),
        ("Initech", Some("Printers"))
    );
    assert!(initech.is_mfa_required);
    let id = initech.id.as_str();
    assert_eq!(management.organization(id).await.unwrap().name, "Initech");
    assert!(
        management.organization_members(id).all().await.unwrap().is_empty(),
        "the creator is no member"
    );

    management
        .add_organization_members(id, &["usr_ada", "usr_bob"])
        .await
        .unwrap();
    let roles = OrganizationRoles::names(["member"]);
    management
        .assign_organization_roles(id, "usr_bob", &roles)
        .await
        .unwrap();
    let roles = OrganizationRoles::ids(["role_admin"]);
    management
        .assign_organization_roles(id, "usr_bob", &roles)
        .await
        .unwrap();
    let members = management.organization_members(id).all().await.unwrap();
    let bob = members.iter().find(|member| member.id == "usr_bob").unwrap();
    let names: Vec<_> = bob.organization_roles.iter().map(|role| role.name.as_str()).collect();
    assert_eq!((members.len(), names), (2, vec!["member", "admin"]));
    let scopes = management.organization_scopes_of(id, "usr_bob").await.unwrap();
    let scopes: Vec<_> = scopes.iter().map(|scope| scope.name.as_str()).collect();
    assert_eq!(scopes, ["invite:members", "manage:settings"]);
    let of_bob = management.user_organizations("usr_bob").await.unwrap();
    assert_eq!(
        (of_bob[0].organization.name.as_str(), of_bob[0].organization_roles.len()),
        ("Initech", 2)
    );

    management
        .remove_organization_role(id, "usr_bob", "role_admin")
        .await
        .unwrap();
    assert!(
        management
            .organization_scopes_of(id, "usr_bob")
            .await
            .unwrap()
            .is_empty()
    );
    management.remove_organization_member(id, "usr_bob").await.unwrap();
    assert!(management.user_organizations("usr_bob").await.unwrap().is_empty());
    let again = management.remove_organization_member(id, "usr_bob").await;
    assert_eq!(kind(again), ManagementErrorKind::NotFound);
    assert_eq!(harness.provider.user("ada").memberships.len(), 3);
}

#[tokio::test]
async fn a_deleted_organization_has_no_members_and_no_invitations() {
    let (harness, management) = start().await;
    let invitation = NewInvitation::new("acme", "new@example.com", in_a_week(&harness));
    let invitation = management.invite(&invitation).await.unwrap();
    management.delete_organization("acme").await.unwrap();
    for gone in [
        management.organization("acme").await.map(drop),
        management.invitation(&invitation.id).await.map(drop),
        management.delete_organization("acme").await,
    ] {
        assert_eq!(kind(gone), ManagementErrorKind::NotFound);
    }
    let of_ada = management.user_organizations("usr_ada").await.unwrap();
    let left: Vec<_> = of_ada.iter().map(|it| it.organization.id.as_str()).collect();
    assert_eq!(left, ["globex"]);
}

#[tokio::test]
async fn the_roles_of_the_organization_template_are_listed() {
    let (_harness, management) = start().await;
    let roles = management.organization_roles().all().await.unwrap();
    let roles: Vec<_> = roles
        .iter()
        .map(|role| (role.id.as_str(), role.name.as_str()))
        .collect();
    assert_eq!(roles, [("role_admin", "admin"), ("role_member", "member")]);
}

/// §8: a user who joins after the sign-in gets tokens with the old refresh token.
#[tokio::test]
async fn a_user_who_joins_later_gets_tokens_of_the_organization_without_a_new_sign_in() {
    let (harness, management) = start().await;
    let signed_in = harness.sign_in().await;
    let initech = management
        .create_organization(&NewOrganization::new("Initech"))
        .await
        .unwrap();
    management
        .add_organization_members(&initech.id, &["usr_ada"])
        .await
        .unwrap();
    let roles = OrganizationRoles::names(["admin"]);
    management
        .assign_organization_roles(&initech.id, "usr_ada", &roles)
        .await
        .unwrap();
    let tokens = harness
        .refresh(&signed_in, &logto::TokenTarget::organization(&initech.id))
        .await
        .unwrap();
    assert!(tokens.access_token.has_scope("invite:members"));
    let claims = tokens.id_token.unwrap();
    assert!(
        claims
            .claims()
            .profile
            .organizations
            .as_ref()
            .unwrap()
            .contains(&initech.id)
    );
}

#[tokio::test]
async fn the_tokens_of_users_are_created_and_deleted() {
    let (harness, management) = start_with(builder().token_exchange()).await;
    let subject = management.create_subject_token("usr_bob").await.unwrap();
    assert_eq!(subject.expires, harness.client.now().plus(600));
    harness
        .client
        .exchange_token(&TokenExchange::impersonation(subject.secret))
        .await
        .unwrap();

    let expiry = harness.client.now().plus(60);
    let new = NewPersonalAccessToken::new("CI / build").with_expiry(expiry);
    let token = management.create_personal_access_token("usr_bob", &new).await.unwrap();
    assert_eq!(
        (token.name.as_str(), token.expires_at.unwrap().timestamp()),
        ("CI / build", expiry)
    );
    let again = management.create_personal_access_token("usr_bob", &new).await;
    assert_eq!(kind(again), ManagementErrorKind::Invalid, "the name is taken");
    let exchange = TokenExchange::personal_access_token(token.secret);
    harness.client.exchange_token(&exchange).await.unwrap();
    management
        .delete_personal_access_token("usr_bob", "CI / build")
        .await
        .unwrap();
    assert_eq!(
        harness.client.exchange_token(&exchange).await.unwrap_err(),
        GrantError::SubjectRejected
    );
    let unknown = management.create_subject_token("usr_nobody").await;
    assert_eq!(kind(unknown), ManagementErrorKind::NotFound);
}

fn many(count: usize) -> TestProviderBuilder {
    (0..count).fold(builder(), |builder, number| {
        builder.user(User::new(&format!("user{number}")))
    })
}

#[tokio::test]
async fn a_list_is_read_page_by_page_until_the_total_number() {
    let (harness, management) = start_with(many(5)).await;
    let mut pages = management
        .pages::<Value>(&["users"])
        .with_query("search", "%@a b")
        .with_page_size(2);
    assert_eq!(pages.total(), None);
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        sizes.push(page.len());
        assert_eq!(pages.total(), Some(5));
    }
    assert_eq!(sizes, [2, 2, 1]);
    assert!(pages.next().await.unwrap().is_none());
    let calls = harness.logged(Endpoint::Management);
    let numbers: Vec<_> = calls.iter().map(|call| call.params.get("page").unwrap()).collect();
    assert_eq!(numbers, ["1", "2", "3"], "the URLs of `Link` lead to another host");
    assert_eq!(calls[2].params.get("search"), Some("%@a b"));
}

#[tokio::test]
async fn a_list_has_a_limit_and_an_empty_one_has_no_page() {
    let (_harness, management) = start_with(many(5)).await;
    let pages = management
        .pages::<Value>(&["users"])
        .with_page_size(1)
        .with_max_pages(3);
    let error = pages.all().await.unwrap_err();
    assert_eq!(
        (error.code(), error),
        ("management_too_many_pages", ManagementError::TooManyPages(3))
    );
    assert_eq!(
        management
            .pages::<Value>(&["users"])
            .with_page_size(0)
            .all()
            .await
            .unwrap()
            .len(),
        5
    );
    assert_eq!(
        management
            .pages::<Value>(&["users"])
            .with_page_size(9999)
            .all()
            .await
            .unwrap()
            .len(),
        5
    );
    let empty = management
        .create_organization(&NewOrganization::new("x"))
        .await
        .unwrap();
    assert!(
        management
            .organization_members(&empty.id)
            .next()
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_rejected_token_is_renewed_once() {
    let (harness, management) = start().await;
    management.get::<Value>(&["users", "usr_ada"]).await.unwrap();
    harness.provider.reject_management_tokens();
    harness.provider.clock().advance(10);
    management.get::<Value>(&["users", "usr_ada"]).await.unwrap();
    assert_eq!(harness.provider.requests(Endpoint::Token), 2);
    assert_eq!(harness.provider.requests(Endpoint::Management), 3);
    // A new token that is rejected as well ends it.
    harness.provider.fault(HttpFault::Status(401).at(Endpoint::Management));
    for _ in 0..3 {
        harness.provider.clock().advance(5);
        let refused = management.get::<Value>(&["users", "usr_ada"]).await;
        assert_eq!(kind(refused), ManagementErrorKind::Unauthorized);
    }
    assert!(
        harness.provider.requests(Endpoint::Token) <= 4,
        "not one token for each call"
    );
}

#[tokio::test]
async fn an_app_without_the_role_is_told_which_scope_it_lacks() {
    let (harness, _) = start().await;
    let management = harness.client.machine("powerless", "a secret").management();
    let error = management.get::<Value>(&["users"]).await.unwrap_err();
    assert_eq!(
        error,
        ManagementError::Token(GrantError::MissingScopes(vec!["all".to_owned()]))
    );
    let elsewhere = harness.client.machine("admin", "a secret").management();
    let elsewhere = elsewhere.with_resource("https://other.logto.app/api");
    let error = elsewhere.get::<Value>(&["users"]).await.unwrap_err();
    assert_eq!(error.code(), "invalid_target");
}

#[tokio::test]
async fn each_failure_of_a_call_is_named() {
    let (harness, management) = start().await;
    for (status, kind) in [
        (400, ManagementErrorKind::Invalid),
        (403, ManagementErrorKind::Forbidden),
        (404, ManagementErrorKind::NotFound),
        (409, ManagementErrorKind::Invalid),
        (418, ManagementErrorKind::Other),
        (501, ManagementErrorKind::ConnectorMissing),
    ] {
        harness
            .provider
            .fault_once(HttpFault::Status(status).at(Endpoint::Management));
        let error = management.get::<Value>(&["users"]).await.unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (Some(kind), false), "{status}");
    }
    for fault in [
        HttpFault::RetryAfter(429, "7"),
        HttpFault::RetryAfter(503, "7"),
        HttpFault::RetryAfter(500, "7"),
    ] {
        harness.provider.fault_once(fault.at(Endpoint::Management));
        let error = management.get::<Value>(&["users"]).await.unwrap_err();
        assert!(
            matches!(error, ManagementError::Request(RequestError::Unavailable { .. })),
            "{error:?}"
        );
        assert_eq!(error.retry_after().unwrap().as_secs(), 7);
    }
    let wrong_type = management.get::<Vec<u8>>(&["users"]).await.unwrap_err();
    assert_eq!(wrong_type.code(), "provider_invalid_response");
}

#[tokio::test]
async fn an_id_cannot_change_the_path_of_a_call() {
    let (harness, management) = start().await;
    for id in ["", ".", "..", "%2e%2E", ".%2e", ".\t.", "..\n", ".\r.", "\t", "\u{7f}"] {
        let error = management.remove_organization_member("acme", id).await.unwrap_err();
        assert_eq!(
            (error.code(), error),
            ("management_path_invalid", ManagementError::InvalidPath),
            "{id:?}"
        );
    }
    assert_eq!(
        management.get::<Value>(&[]).await.unwrap_err(),
        ManagementError::InvalidPath
    );
    assert_eq!(harness.provider.requests(Endpoint::Management), 0);
    for id in ["../usr_ada", "usr_ada/../usr_bob", "usr_ada?x=1", "usr_ada#x", "a/b"] {
        let refused = management.get::<Value>(&["users", id]).await;
        assert_eq!(kind(refused), ManagementErrorKind::NotFound, "{id}");
    }
    assert_eq!(harness.provider.user("ada").memberships.len(), 2);
}
