//! The hooks of an app.

use std::{sync::Arc, time::Duration};

use logto::WebhookEvent;

use crate::{
    config::WebConfig,
    hooks::{
        HookError,
        refusal::SignInRefusal,
        session_end::SessionEndEvent,
        sign_in::{SignInApproval, SignInEvent},
        sign_out::SignOutEvent,
    },
};

impl WebConfig {
    /// Sets the hook that decides whether a sign-in becomes a session. It runs after the provider
    /// has confirmed the user, and before the session begins.
    ///
    /// It allows the session with `Ok(())`, or with [`AppData`](crate::AppData) that
    /// [`User::data`](crate::User::data) then reads. It refuses the session with a
    /// [`SignInRefusal`], whose code and text are the app's own. Any other error, a panic, and a
    /// hook that takes longer than [`WebConfig::with_hook_time_limit`] refuse it too. A refused
    /// user can try again, and then returns to the page they wanted.
    ///
    /// ```
    /// use logto_axum::{AppData, SignInRefusal, WebConfig};
    ///
    /// # struct Account { id: u64, is_blocked: bool }
    /// # async fn find_or_create(_: &str) -> Result<Account, std::io::Error> {
    /// #     Ok(Account { id: 7, is_blocked: false })
    /// # }
    /// # fn example(web: WebConfig) -> WebConfig {
    /// web.with_on_sign_in(|event| async move {
    ///     let account = find_or_create(event.user_id()).await?;
    ///     if account.is_blocked {
    ///         return Err(SignInRefusal::new("account_blocked", "Your account is blocked."));
    ///     }
    ///     Ok(AppData::new(&account.id)?)
    /// })
    /// # }
    /// ```
    ///
    /// A session that is imported from the Next.js SDK begins without the hook.
    #[must_use]
    pub fn with_on_sign_in<F, R, A>(mut self, hook: F) -> Self
    where
        F: Fn(SignInEvent) -> R + Send + Sync + 'static,
        R: Future<Output = Result<A, SignInRefusal>> + Send + 'static,
        A: Into<SignInApproval>,
    {
        self.hooks.on_sign_in = Some(Arc::new(move |event| {
            let decision = hook(event);
            Box::pin(async move { decision.await.map(Into::into) })
        }));
        self
    }

    /// Sets the hook that runs when a user signs out of this app: after the session has ended here
    /// and its refresh token was revoked, and before the browser goes to the provider.
    ///
    /// An error is logged. Neither it nor a slow hook prevents the sign-out, but the response waits
    /// for the hook, at most until [`WebConfig::with_hook_time_limit`]. The hook also runs if the
    /// browser closes the connection in the meantime.
    ///
    /// ```
    /// # use logto_axum::WebConfig;
    /// # async fn remove_drafts(_: &str) -> Result<(), std::io::Error> { Ok(()) }
    /// # fn example(web: WebConfig) -> WebConfig {
    /// web.with_on_sign_out(|event| async move {
    ///     remove_drafts(event.user_id()).await?;
    ///     Ok(())
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn with_on_sign_out<F, R>(mut self, hook: F) -> Self
    where
        F: Fn(SignOutEvent) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), HookError>> + Send + 'static,
    {
        self.hooks.on_sign_out = Some(Arc::new(move |event| Box::pin(hook(event))));
        self
    }

    /// Sets the hook that runs after sessions have ended, with the
    /// [reason](crate::SessionEndReason). No response waits for it, and an error is logged.
    ///
    /// The hook does not run for a session that expires, because no request shows the expiry: the
    /// browser has dropped the cookie. With several processes, the one that ends a session runs the
    /// hook; for [`SessionEndReason::Revoked`](crate::SessionEndReason::Revoked) several may do so.
    ///
    /// ```
    /// # use logto_axum::WebConfig;
    /// # fn example(web: WebConfig) -> WebConfig {
    /// web.with_on_session_end(|event| async move {
    ///     println!("{:?}: {:?}", event.user_id(), event.reason());
    ///     Ok(())
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn with_on_session_end<F, R>(mut self, hook: F) -> Self
    where
        F: Fn(SessionEndEvent) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), HookError>> + Send + 'static,
    {
        self.hooks.on_session_end = Some(Arc::new(move |event| Box::pin(hook(event))));
        self
    }

    /// Sets the hook that runs when the route of [`WebConfig::with_webhooks`] has received a webhook:
    /// after its signature was verified, and after the built-in reaction.
    ///
    /// The response waits for the hook. If it fails, panics or takes longer than
    /// [`WebConfig::with_hook_time_limit`], the response is 500, which shows in the webhook's log in
    /// the Logto console. Logto may not send the event again. The same delivery runs the hook once,
    /// unless two copies of it arrive at the same time or the hook has failed; events may arrive in
    /// another order than they happened.
    ///
    /// ```
    /// use logto_axum::{WebConfig, WebhookEventKind};
    ///
    /// # async fn delete_account(_: &str) -> Result<(), std::io::Error> { Ok(()) }
    /// # fn example(web: WebConfig) -> WebConfig {
    /// web.with_on_webhook(|event| async move {
    ///     if let WebhookEventKind::UserDeleted { user_id } = event.kind() {
    ///         delete_account(user_id).await?;
    ///     }
    ///     Ok(())
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn with_on_webhook<F, R>(mut self, hook: F) -> Self
    where
        F: Fn(WebhookEvent) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), HookError>> + Send + 'static,
    {
        self.hooks.on_webhook = Some(Arc::new(move |event| Box::pin(hook(event))));
        self
    }

    /// Sets how long a hook may take. Ten seconds by default.
    #[must_use]
    pub fn with_hook_time_limit(mut self, limit: Duration) -> Self {
        self.hooks.time_limit = limit;
        self
    }
}
