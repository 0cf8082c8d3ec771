//! Hooks: functions of the app that run when a session begins or ends.
//!
//! Each event has its own file. A hook has a time limit, which the app's clock measures.

pub(crate) mod session_end;
pub(crate) mod sign_in;
pub(crate) mod sign_out;

use std::{error::Error, fmt, panic::AssertUnwindSafe, pin::Pin, sync::Arc, time::Duration};

use futures_util::{
    FutureExt as _,
    future::{Either, select},
};
use logto::LogtoClient;

use self::{
    session_end::SessionEndEvent,
    sign_in::{SignInApproval, SignInEvent, SignInRefusal},
    sign_out::SignOutEvent,
};

/// The error of a hook that only observes. Any error converts into it.
pub type HookError = Box<dyn Error + Send + Sync>;

type HookFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Hook<E, T> = Arc<dyn Fn(E) -> HookFuture<T> + Send + Sync>;

/// The hooks of an app.
#[derive(Clone)]
pub(crate) struct Hooks {
    pub(crate) on_sign_in: Option<Hook<SignInEvent, Result<SignInApproval, SignInRefusal>>>,
    pub(crate) on_sign_out: Option<Hook<SignOutEvent, Result<(), HookError>>>,
    pub(crate) on_session_end: Option<Hook<SessionEndEvent, Result<(), HookError>>>,
    pub(crate) time_limit: Duration,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            on_sign_in: None,
            on_sign_out: None,
            on_session_end: None,
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
            .field("time_limit", &self.time_limit)
            .finish()
    }
}

/// The reason why a hook has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoResult {
    #[error("it took too long; raise the limit with `WebConfig::with_hook_time_limit` if it has to take longer")]
    TimedOut,
    #[error("it panicked")]
    Panicked,
}

impl Hooks {
    /// Runs a hook, and drops it at the time limit.
    async fn run<E, T>(&self, client: &LogtoClient, hook: &Hook<E, T>, event: E) -> Result<T, NoResult> {
        let clock = client.clock();
        let hook = Arc::clone(hook);
        // The call itself may panic too, before it returns a future.
        let run = Box::pin(AssertUnwindSafe(async move { hook(event).await }).catch_unwind());
        match select(run, clock.sleep(self.time_limit)).await {
            Either::Left((result, _)) => result.map_err(|_| NoResult::Panicked),
            Either::Right(_) => Err(NoResult::TimedOut),
        }
    }

    /// Runs a hook that only observes. An error is logged.
    async fn observe<E>(&self, client: &LogtoClient, name: &str, hook: &Hook<E, Result<(), HookError>>, event: E) {
        let error = match self.run(client, hook, event).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        tracing::error!(code = "hook_failed", hook = name, error, "a hook of the app failed");
    }
}
