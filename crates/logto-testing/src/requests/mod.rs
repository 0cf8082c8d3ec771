//! Requests that reach the provider: the log, held requests and answers, the last authorization request.

mod authorization;
mod endpoint;
mod held;
mod held_answer;
mod log;
mod params;

pub use self::{
    authorization::AuthorizationRequest, endpoint::Endpoint, held::HeldRequests, held_answer::HeldAnswer,
    log::LoggedRequest, params::Params,
};
pub(crate) use self::{held::Barriers, held_answer::AnswerBarriers, log::RequestLog};
