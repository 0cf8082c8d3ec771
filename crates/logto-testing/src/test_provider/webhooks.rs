//! Webhooks that the provider sends.

use super::provider::TestProvider;
use crate::provider::{Webhook, WebhookConfig, WebhookDelivery, WebhookFields};

impl TestProvider {
    /// Adds a webhook for these events, with a signing key that the app under test knows. At a Logto
    /// server, and with `POST /api/hooks`, the key is generated.
    ///
    /// Calls of the Management API cause `User.Deleted`, `User.SuspensionStatus.Updated`,
    /// `Organization.Membership.Updated`, `Organization.Created` and `Organization.Deleted`, and those
    /// of the Account API `User.Data.Updated`. Each is sent once, to an `http` URL;
    /// [`wait_for_webhooks`](Self::wait_for_webhooks) waits for the response. Methods such as [`update_user`](Self::update_user) cause no event. For other events,
    /// and for an app without a server, there is [`TestWebhook`](crate::TestWebhook).
    ///
    /// ```
    /// # use logto_testing::TestProvider;
    /// # async fn in_a_test(provider: TestProvider, app_address: &str) {
    /// let events = ["User.Deleted", "User.SuspensionStatus.Updated"];
    /// provider.add_webhook(&format!("{app_address}/webhook"), &events, "a signing key for this test");
    /// // … a program deletes a user through the Management API …
    /// let deliveries = provider.wait_for_webhooks(1).await;
    /// assert_eq!(deliveries[0].status, Some(204));
    /// # }
    /// ```
    pub fn add_webhook(&self, url: &str, events: &[&str], signing_key: &str) {
        let config = WebhookConfig {
            url: url.to_owned(),
            headers: None,
            retries: None,
        };
        let fields = WebhookFields {
            events: Some(events.iter().map(|&event| event.to_owned()).collect()),
            ..WebhookFields::default()
        };
        let webhook = Webhook::new(config, signing_key.to_owned(), self.provider.now());
        self.provider.webhooks.add(webhook.with(fields));
    }

    /// Waits until at least `count` webhooks have been delivered, or could not be, and returns all of
    /// them.
    pub async fn wait_for_webhooks(&self, count: usize) -> Vec<WebhookDelivery> {
        self.provider.webhooks.wait(count).await
    }
}
