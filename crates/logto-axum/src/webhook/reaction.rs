//! The built-in reaction to events.

use std::slice;

use logto::{WebhookEvent, WebhookEventKind};

use crate::{
    error::SessionError,
    hooks::session_end::SessionEndReason,
    logto::Logto,
    to_the_end::to_the_end,
    webhook::config::{MembershipReaction, WebhookConfig},
};

impl Logto {
    /// Reacts to an event as the ready route does, for an app with a route of its own: see
    /// [`WebhookConfig`]. It is idempotent.
    ///
    /// # Errors
    ///
    /// [`SessionError::Store`] if the session store, or the deny list, is unavailable. Logto may
    /// not send the event again, so this process keeps the reaction: it takes effect here at once,
    /// and in other processes when the store is available again.
    ///
    /// Once it has begun, the reaction continues even if the caller stops waiting for it: Logto
    /// closes the connection after ten seconds.
    pub async fn react_to_webhook(&self, event: &WebhookEvent) -> Result<(), SessionError> {
        let (logto, event) = (self.clone(), event.clone());
        to_the_end(async move { logto.react(&event).await }).await
    }

    async fn react(&self, event: &WebhookEvent) -> Result<(), SessionError> {
        match event.kind() {
            WebhookEventKind::UserDeleted { user_id }
            | WebhookEventKind::UserSuspensionStatusUpdated {
                user_id,
                is_suspended: true,
            } => self.end_sessions_by_webhook(slice::from_ref(user_id)).await,
            WebhookEventKind::OrganizationMembershipUpdated(update) => {
                let reaction = self
                    .shared
                    .web
                    .config
                    .webhooks
                    .as_ref()
                    .map(WebhookConfig::membership_reaction);
                if update.names_no_members() {
                    tracing::warn!(
                        code = "webhook_without_members",
                        "the members of an organization have changed, but the webhook names none; update Logto to \
                         1.40 or later"
                    );
                }
                match reaction {
                    Some(MembershipReaction::EndSessions) => {
                        self.end_sessions_by_webhook(&update.removed_user_ids).await
                    }
                    Some(MembershipReaction::Refresh) => {
                        let changed = [&update.removed_user_ids[..], &update.added_user_ids[..]].concat();
                        self.outdate_claims(&changed).await
                    }
                    Some(MembershipReaction::Ignore) | None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    async fn end_sessions_by_webhook(&self, user_ids: &[String]) -> Result<(), SessionError> {
        self.end_sessions_of_all(user_ids, SessionEndReason::Webhook).await
    }
}
