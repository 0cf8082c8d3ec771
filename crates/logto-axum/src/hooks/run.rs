//! Runs the hooks within their time limit.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::{
    FutureExt as _,
    future::{Either, select},
};
use logto::{LogtoClient, Timestamp, WebhookEvent, session::Session};

use super::{
    Hooks,
    hook::{Hook, HookError},
    refusal::{Reason, RefusedByApp, SignInRefusal},
    session_end::SessionEndEvent,
    sign_in::SignInEvent,
    sign_out::SignOutEvent,
};
use crate::{error::RouteError, logto::Logto};

/// The reason why a hook has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum NoResult {
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

    /// Runs a hook that only observes. An error is logged. Returns whether the hook has succeeded.
    async fn observe<E>(
        &self,
        client: &LogtoClient,
        name: &str,
        hook: &Hook<E, Result<(), HookError>>,
        event: E,
    ) -> bool {
        let error = match self.run(client, hook, event).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        tracing::error!(code = "hook_failed", hook = name, error, "a hook of the app failed");
        false
    }

    /// Tells the app that sessions have ended, in a task of its own: no response waits for it.
    pub(crate) fn session_ended(&self, client: &LogtoClient, event: impl FnOnce() -> SessionEndEvent) {
        let Some(hook) = &self.on_session_end else { return };
        let (hooks, client, hook, event) = (self.clone(), client.clone(), Arc::clone(hook), event());
        tokio::spawn(async move { hooks.observe(&client, "on_session_end", &hook, event).await });
    }
}

impl Logto {
    /// Asks the app whether a sign-in becomes a session. An error, a panic and a timeout refuse it.
    ///
    /// `sign_in_started` is when the user left for the provider.
    pub(crate) async fn approve(&self, session: Session, sign_in_started: Timestamp) -> Result<Session, RouteError> {
        let hooks = &self.shared.web.config.hooks;
        let Some(hook) = &hooks.on_sign_in else {
            return Ok(session);
        };
        let event = SignInEvent::new(self.client().clone(), Arc::new(session.clone()), sign_in_started);
        match hooks.run(self.client(), hook, event).await {
            Ok(Ok(approval)) => Ok(session.with_app_data(approval.data)),
            Ok(Err(refusal)) => Err(route_error(refusal)),
            Err(reason) => {
                tracing::error!(
                    code = "sign_in_hook_failed",
                    %reason,
                    "the hook `on_sign_in` has no result, so the user is not signed in"
                );
                Err(match reason {
                    NoResult::TimedOut => RouteError::HookTimedOut,
                    NoResult::Panicked => RouteError::HookFailed,
                })
            }
        }
    }

    /// Tells the app about a webhook. `false` if its hook failed.
    pub(crate) async fn on_webhook(&self, event: WebhookEvent) -> bool {
        let hooks = &self.shared.web.config.hooks;
        match &hooks.on_webhook {
            Some(hook) => hooks.observe(self.client(), "on_webhook", hook, event).await,
            None => true,
        }
    }

    /// Tells the app that a user has signed out.
    pub(crate) async fn on_sign_out(&self, session: &Arc<Session>) {
        let hooks = &self.shared.web.config.hooks;
        if let Some(hook) = &hooks.on_sign_out {
            let event = SignOutEvent::new(Arc::clone(session));
            hooks.observe(self.client(), "on_sign_out", hook, event).await;
        }
    }
}

fn route_error(refusal: SignInRefusal) -> RouteError {
    match refusal.0 {
        Reason::Refused { code, text } => RouteError::Refused(RefusedByApp::new(code, &text)),
        Reason::Failed(error) => {
            tracing::error!(
                code = "sign_in_hook_failed",
                %error,
                "the hook `on_sign_in` failed, so the user is not signed in"
            );
            RouteError::HookFailed
        }
    }
}
