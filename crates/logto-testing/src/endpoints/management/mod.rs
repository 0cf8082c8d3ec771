//! Logto's Management API, with the calls for users and their tokens, organizations, invitations,
//! one-time tokens and webhooks.

mod call;
mod caller;
mod error;
mod invitations;
mod members;
mod one_time_tokens;
mod organizations;
mod paging;
mod user_tokens;
mod users;
mod webhooks;

use std::sync::Arc;

use axum::{
    Router,
    routing::{delete, get, patch, post, put},
};

pub(super) use self::users::shown as shown_user;
use crate::provider::Provider;

pub(super) fn routes() -> Router<Arc<Provider>> {
    Router::new()
        .route(
            "/api/organizations",
            get(organizations::list).post(organizations::create),
        )
        .route(
            "/api/organizations/{id}",
            get(organizations::show).delete(organizations::delete),
        )
        .route("/api/organization-roles", get(organizations::template_roles))
        .route("/api/organizations/{id}/users", get(members::list).post(members::add))
        .route("/api/organizations/{id}/users/{userId}", delete(members::remove))
        .route(
            "/api/organizations/{id}/users/{userId}/roles",
            post(members::assign_roles),
        )
        .route(
            "/api/organizations/{id}/users/{userId}/roles/{roleId}",
            delete(members::remove_role),
        )
        .route("/api/organizations/{id}/users/{userId}/scopes", get(members::scopes))
        .route(
            "/api/organization-invitations",
            get(invitations::list).post(invitations::create),
        )
        .route("/api/organization-invitations/{id}", get(invitations::show))
        .route(
            "/api/organization-invitations/{id}/status",
            put(invitations::set_status),
        )
        .route("/api/organization-invitations/{id}/message", post(invitations::send))
        .route("/api/users", get(users::list))
        .route("/api/users/{userId}", get(users::show).delete(users::delete))
        .route("/api/users/{userId}/is-suspended", patch(users::set_suspended))
        .route("/api/users/{userId}/organizations", get(users::organizations))
        .route("/api/users/{userId}/roles", get(users::roles))
        .route(
            "/api/users/{userId}/personal-access-tokens",
            post(user_tokens::create_personal),
        )
        .route(
            "/api/users/{userId}/personal-access-tokens/{name}",
            delete(user_tokens::delete_personal),
        )
        .route("/api/subject-tokens", post(user_tokens::create_subject))
        .route(
            "/api/one-time-tokens",
            get(one_time_tokens::list).post(one_time_tokens::create),
        )
        .route("/api/one-time-tokens/verify", post(one_time_tokens::verify))
        .route(
            "/api/one-time-tokens/{id}",
            get(one_time_tokens::show).delete(one_time_tokens::delete),
        )
        .route("/api/one-time-tokens/{id}/status", put(one_time_tokens::set_status))
        .route("/api/hooks", get(webhooks::list).post(webhooks::create))
        .route(
            "/api/hooks/{id}",
            get(webhooks::show).patch(webhooks::update).delete(webhooks::delete),
        )
        .route("/api/hooks/{id}/signing-key", patch(webhooks::renew_key))
}
