//! Logto's Management API, with the calls for organizations, invitations, one-time tokens
//! and the tokens of users.

mod caller;
mod error;
mod invitations;
mod members;
mod one_time_tokens;
mod organizations;
mod paging;
mod user_tokens;
mod users;

use std::sync::Arc;

use axum::{
    Router,
    routing::{delete, get, post, put},
};

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
        .route("/api/organizations/{id}/users/{user_id}", delete(members::remove))
        .route(
            "/api/organizations/{id}/users/{user_id}/roles",
            post(members::assign_roles),
        )
        .route(
            "/api/organizations/{id}/users/{user_id}/roles/{role_id}",
            delete(members::remove_role),
        )
        .route("/api/organizations/{id}/users/{user_id}/scopes", get(members::scopes))
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
        .route("/api/users/{id}", get(users::show))
        .route("/api/users/{id}/organizations", get(users::organizations))
        .route("/api/users/{id}/roles", get(users::roles))
        .route(
            "/api/users/{id}/personal-access-tokens",
            post(user_tokens::create_personal),
        )
        .route(
            "/api/users/{id}/personal-access-tokens/{name}",
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
}
