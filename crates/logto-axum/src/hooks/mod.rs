//! Hooks: functions of the app that run when a session begins or ends, or a webhook arrives.
//!
//! Each event has its own file. A hook has a time limit, which the app's clock measures.

mod hook;
pub(crate) mod refusal;
mod run;
pub(crate) mod session_end;
pub(crate) mod sign_in;
pub(crate) mod sign_out;

use std::{fmt, time::Duration};

use logto::WebhookEvent;

pub use self::hook::HookError;
use self::{
    hook::Hook,
    refusal::SignInRefusal,
    session_end::SessionEndEvent,
    sign_in::{SignInApproval, SignInEvent},
    sign_out::SignOutEvent,
};

/// The hooks of an app.
#[derive(Clone)]
pub(crate) struct Hooks {
    pub(crate) on_sign_in: Option<Hook<SignInEvent, Result<SignInApproval, SignInRefusal>>>,
    pub(crate) on_sign_out: Option<Hook<SignOutEvent, Result<(), HookError>>>,
    pub(crate) on_session_end: Option<Hook<SessionEndEvent, Result<(), HookError>>>,
    pub(crate) on_webhook: Option<Hook<WebhookEvent, Result<(), HookError>>>,
    pub(crate) time_limit: Duration,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            on_sign_in: None,
            on_sign_out: None,
            on_session_end: None,
            on_webhook: None,
            time_limit: Duration::from_secs(10),
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("on_sign_in", &self.on_sign_in.is_some())
            .field("on_sign_out", &self.on_sign_out.is_some())
            .field("on_session_end", &self.on_session_end.is_some())
            .field("on_webhook", &self.on_webhook.is_some())
            .field("time_limit", &self.time_limit)
            .finish()
    }
}
