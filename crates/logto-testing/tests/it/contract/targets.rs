//! Access tokens for API resources and organizations.

use serde_json::json;

use super::subject::{ORDERS, PRODUCTS, Subject, header, refusal, refused, scope};

pub(super) async fn a_resource_token_is_a_jwt_with_the_users_permissions(subject: &Subject) {
    let ada = subject.sign_in("ada", &[]).await;
    let (response, claims) = subject.target(&ada, &[("resource", PRODUCTS)]).await;
    let header = header(response["access_token"].as_str().unwrap());
    assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("ES384")));
    let names: Vec<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "acr",
            "amr",
            "aud",
            "auth_time",
            "client_id",
            "exp",
            "iat",
            "iss",
            "jti",
            "scope",
            "sub"
        ]
    );
    assert_eq!(claims["aud"], PRODUCTS);
    assert_eq!(scope(&claims["scope"]), ["read:products", "write:products"]);
    assert_eq!(scope(&response["scope"]), scope(&claims["scope"]));
    let (orders, _) = subject.target(&ada, &[("resource", ORDERS)]).await;
    assert_eq!(scope(&orders["scope"]), ["read:orders"]);

    let bob = subject.sign_in("bob", &[]).await;
    let (response, _) = subject.target(&bob, &[("resource", PRODUCTS)]).await;
    assert_eq!(scope(&response["scope"]), ["read:products"]);
    let cleo = subject.sign_in("cleo", &[]).await;
    let (response, claims) = subject.target(&cleo, &[("resource", PRODUCTS)]).await;
    assert_eq!((&response["scope"], &claims["aud"]), (&json!(""), &json!(PRODUCTS)));
}

pub(super) async fn an_organization_token_has_the_organization_as_audience(subject: &Subject) {
    let ada = subject.sign_in("ada", &[]).await;
    let (response, claims) = subject.target(&ada, &[("organization_id", "acme")]).await;
    assert_eq!(claims["aud"], "urn:logto:organization:acme");
    assert!(claims["organization_id"].is_null());
    assert_eq!(scope(&response["scope"]), ["read:members", "write:members"]);
    let (response, _) = subject.target(&ada, &[("organization_id", "globex")]).await;
    assert_eq!(scope(&response["scope"]), ["read:members"]);
    let without = subject.sign_in("ada", &[("resource", PRODUCTS)]).await;
    let (response, _) = subject.target(&without, &[("organization_id", "acme")]).await;
    assert_eq!(
        response["scope"], "",
        "the authorization request lacks the organizations resource"
    );
}

pub(super) async fn a_resource_token_in_an_organization_names_it(subject: &Subject) {
    let ada = subject.sign_in("ada", &[]).await;
    let expected: [(&str, &[&str]); 2] = [
        ("acme", &["read:products", "write:products"]),
        ("globex", &["read:products"]),
    ];
    for (organization, scopes) in expected {
        let target = [("resource", PRODUCTS), ("organization_id", organization)];
        let (response, claims) = subject.target(&ada, &target).await;
        assert_eq!(
            (&claims["aud"], &claims["organization_id"]),
            (&json!(PRODUCTS), &json!(organization))
        );
        assert_eq!(scope(&response["scope"]), scopes);
    }
}

pub(super) async fn a_user_who_is_not_a_member_is_denied(subject: &Subject) {
    let bob = subject.sign_in("bob", &[]).await;
    for organization in ["globex", "nowhere"] {
        let answer = subject.refresh(&bob, &[("organization_id", organization)]).await;
        assert_eq!(
            answer.1["error_description"],
            "user is not a member of the organization"
        );
        assert_eq!(refusal(answer), refused(403, "access_denied"));
    }
}

pub(super) async fn organization_tokens_need_the_organizations_scope(subject: &Subject) {
    let tokens = subject.sign_in("ada", &[("scope", "openid offline_access")]).await;
    let answer = subject.refresh(&tokens, &[("organization_id", "acme")]).await;
    assert_eq!(answer.1["scope"], "urn:logto:scope:organizations");
    assert_eq!(refusal(answer), refused(403, "insufficient_scope"));
}

pub(super) async fn resources_have_to_be_known_and_requested(subject: &Subject) {
    let all = subject.sign_in("ada", &[]).await;
    let unknown = subject
        .refresh(&all, &[("resource", "https://unknown.example.com")])
        .await;
    assert_eq!(refusal(unknown), refused(400, "invalid_target"));
    let none = subject.sign_in("ada", &[("resource", "")]).await;
    let not_requested = subject.refresh(&none, &[("resource", PRODUCTS)]).await;
    assert_eq!(refusal(not_requested), refused(400, "invalid_target"));
}

pub(super) async fn scopes_can_be_reduced_but_not_extended(subject: &Subject) {
    let ada = subject.sign_in("ada", &[]).await;
    let (reduced, _) = subject
        .target(&ada, &[("resource", PRODUCTS), ("scope", "read:products")])
        .await;
    assert_eq!(reduced["scope"], "read:products");
    assert!(reduced["id_token"].is_null(), "without openid there is no ID token");
    let bob = subject.sign_in("bob", &[]).await;
    let extended = subject
        .refresh(&bob, &[("resource", PRODUCTS), ("scope", "write:products")])
        .await;
    assert_eq!(refusal(extended), refused(400, "invalid_scope"));
}
