//! Requests that reach the provider: the log, held requests, the last authorization request.

mod authorization;
mod endpoint;
mod held;
mod log;
mod params;

pub use self::{
    authorization::AuthorizationRequest, endpoint::Endpoint, held::HeldRequests, log::LoggedRequest, params::Params,
};
pub(crate) use self::{held::Barriers, log::RequestLog};
