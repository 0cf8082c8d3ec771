//! The Management API: users, organizations and invitations.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::subject::{Subject, claims};

const ADA: &str = "ada0demouser";
const BOB: &str = "bob0demouser";

/// Status and Logto's code of a refusal.
pub(super) fn code((status, body): (StatusCode, Value)) -> (u16, String) {
    (status.as_u16(), body["code"].as_str().unwrap_or_default().to_owned())
}

pub(super) fn coded(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

pub(super) async fn the_api_needs_a_token_with_its_permission(subject: &Subject) {
    let url = format!("{}/api/users", subject.endpoint);
    let without = subject.http.get(&url).send().await.unwrap();
    let without = (without.status(), without.json().await.unwrap());
    assert_eq!(code(without), coded(401, "auth.authorization_header_missing"));
    let resource = ("resource", "https://default.logto.app/api");
    let (_, unscoped) = subject.machine_token(&[resource]).await;
    for (token, expected) in [
        ("garbage", coded(401, "auth.unauthorized")),
        (unscoped["access_token"].as_str().unwrap(), coded(403, "auth.forbidden")),
    ] {
        let answer = subject.http.get(&url).bearer_auth(token).send().await.unwrap();
        assert_eq!(code((answer.status(), answer.json().await.unwrap())), expected);
    }
}

pub(super) async fn users_are_listed_and_shown(subject: &Subject) {
    let (_, users) = subject
        .management("GET", "/users?page=1&page_size=2", &Value::Null)
        .await;
    let (_, rest) = subject
        .management("GET", "/users?page=2&page_size=2", &Value::Null)
        .await;
    assert_eq!(
        (users.as_array().unwrap().len(), rest.as_array().unwrap().len()),
        (2, 1)
    );
    let (_, bob) = subject.management("GET", &format!("/users/{BOB}"), &Value::Null).await;
    let shown = json!([bob["username"], bob["primaryEmail"], bob["name"], bob["isSuspended"]]);
    assert_eq!(shown, json!(["bob", "bob@example.com", "Bob Reader", false]));
    let unknown = subject.management("GET", "/users/unknown", &Value::Null).await;
    assert_eq!(code(unknown), coded(404, "entity.not_found"));
}

pub(super) async fn a_new_member_has_the_organization_at_once(subject: &Subject) {
    let tokens = subject.sign_in("bob", &[]).await;
    let body = json!({ "name": "Initech" });
    let (status, created) = subject.management("POST", "/organizations", &body).await;
    assert_eq!(status, 201, "{created}");
    let id = created["id"].as_str().unwrap();
    let users = format!("/organizations/{id}/users");
    let denied = subject.refresh(&tokens, &[("organization_id", id)]).await;
    assert_eq!(denied.0, 403);
    let (status, _) = subject.management("POST", &users, &json!({ "userIds": [BOB] })).await;
    assert_eq!(status, 201);
    let roles = json!({ "organizationRoleNames": ["admin"] });
    let (_, assigned) = subject
        .management("POST", &format!("{users}/{BOB}/roles"), &roles)
        .await;
    assert_eq!(assigned, json!({ "organizationRoleIds": ["role_admin"] }));
    let (issued, _) = subject.target(&tokens, &[("organization_id", id)]).await;
    assert_eq!(issued["scope"], "read:members write:members");
    let (_, plain) = subject.refresh(&tokens, &[]).await;
    let organizations = &claims(plain["id_token"].as_str().unwrap())["organizations"];
    assert!(
        organizations.as_array().unwrap().contains(&json!(id)),
        "{organizations}"
    );
    let (status, _) = subject
        .management("DELETE", &format!("{users}/{BOB}"), &Value::Null)
        .await;
    assert_eq!(status, 204);
    assert_eq!(subject.refresh(&tokens, &[("organization_id", id)]).await.0, 403);
}

pub(super) async fn an_invitation_is_accepted_by_its_invitee_once(subject: &Subject) {
    let body = json!({
        "organizationId": "globex",
        "invitee": "bob@example.com",
        "expiresAt": 4_102_444_800_000_u64,
        "organizationRoleIds": ["role_member"],
        "messagePayload": false,
    });
    let (status, invitation) = subject.management("POST", "/organization-invitations", &body).await;
    assert_eq!(
        (status.as_u16(), &invitation["status"]),
        (201, &json!("Pending")),
        "{invitation}"
    );
    let again = subject.management("POST", "/organization-invitations", &body).await;
    assert_eq!(code(again), coded(422, "entity.unique_integrity_violation"));
    let path = format!(
        "/organization-invitations/{}/status",
        invitation["id"].as_str().unwrap()
    );
    let accept = |user: &str| json!({ "status": "Accepted", "acceptedUserId": user });
    let other = subject.management("PUT", &path, &accept(ADA)).await;
    assert_eq!(code(other), coded(422, "request.invalid_input"));
    let (status, accepted) = subject.management("PUT", &path, &accept(BOB)).await;
    assert_eq!((status.as_u16(), &accepted["acceptedUserId"]), (200, &json!(BOB)));
    let again = subject.management("PUT", &path, &accept(BOB)).await;
    assert_eq!(code(again), coded(422, "request.invalid_input"));
    let (_, members) = subject
        .management("GET", "/organizations/globex/users", &Value::Null)
        .await;
    let bob = members
        .as_array()
        .unwrap()
        .iter()
        .find(|member| member["id"] == BOB)
        .unwrap();
    assert_eq!(
        bob["organizationRoles"],
        json!([{ "id": "role_member", "name": "member" }])
    );
}

/// A date in the year 2100, in milliseconds.
const LATER: u64 = 4_102_444_800_000;

pub(super) async fn the_address_of_an_invitee_is_compared_without_case(subject: &Subject) {
    let body = json!({ "organizationId": "globex", "invitee": "Bob@Example.com", "expiresAt": LATER });
    let (_, invitation) = subject.management("POST", "/organization-invitations", &body).await;
    assert_eq!(invitation["invitee"], "Bob@Example.com");
    let path = format!(
        "/organization-invitations/{}/status",
        invitation["id"].as_str().unwrap()
    );
    let accept = json!({ "status": "Accepted", "acceptedUserId": BOB });
    let (status, accepted) = subject.management("PUT", &path, &accept).await;
    assert_eq!((status.as_u16(), &accepted["status"]), (200, &json!("Accepted")));
}

pub(super) async fn invalid_values_are_refused(subject: &Subject) {
    let invite = async |invitee: Value, expires_at: Value| {
        let body = json!({ "organizationId": "globex", "invitee": invitee, "expiresAt": expires_at });
        code(subject.management("POST", "/organization-invitations", &body).await)
    };
    for invitee in [
        json!(7),
        json!(""),
        json!("nonsense"),
        json!("d@"),
        json!("@example.com"),
        json!("d@example"),
        json!("d@example..com"),
        json!("d@e@example.com"),
        json!("d e@example.com"),
    ] {
        let answer = invite(invitee.clone(), json!(LATER)).await;
        assert_eq!(answer, coded(400, "guard.invalid_input"), "{invitee}");
    }
    let valid = json!("d@example.com");
    assert_eq!(
        invite(valid.clone(), json!("tomorrow")).await,
        coded(400, "guard.invalid_input")
    );
    assert_eq!(invite(valid, json!(1)).await, coded(400, "request.invalid_input"));
    let path = format!("/users/{BOB}/personal-access-tokens");
    let past = json!({ "name": "old", "expiresAt": 1 });
    let past = subject.management("POST", &path, &past).await;
    assert_eq!(code(past), coded(400, "request.invalid_input"));
    for (length, expected) in [(128, 201), (129, 400)] {
        let body = json!({ "name": "x".repeat(length) });
        let (status, answer) = subject.management("POST", "/organizations", &body).await;
        assert_eq!(status, expected, "{answer}");
    }
}
