//! The pages of an interactive provider, and the browsers that see them.

mod authorize;
mod consent;
mod cookies;
mod home;
mod magic_link;
mod page;
mod problem;
mod register;
mod session;
mod sign_in;
pub(crate) mod sign_out;
mod step_up;

use std::sync::Arc;

use axum::{Router, routing::get};

pub(crate) use self::{authorize::authorize, problem::errors_as_pages};
use crate::provider::Provider;

pub(crate) fn routes() -> Router<Arc<Provider>> {
    Router::new()
        .route("/", get(home::home))
        .route("/pictures/{name}", get(home::picture))
        .route("/sign-in/{id}", get(sign_in::show).post(sign_in::submit))
        .route("/one-time-token/{id}", get(magic_link::open))
        .route("/switch-account/{id}", get(magic_link::show).post(magic_link::choose))
        .route("/register/{id}", get(register::show).post(register::submit))
        .route("/step-up/{id}", get(step_up::show).post(step_up::submit))
        .route("/consent/{id}", get(consent::show).post(consent::submit))
        .route(page::STYLESHEET, get(page::stylesheet))
}
