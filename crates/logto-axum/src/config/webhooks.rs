//! Webhooks.

use crate::{config::WebConfig, webhook::config::WebhookConfig};

impl WebConfig {
    /// Sets how webhooks of Logto are received. By default none are, and there is no route for them.
    ///
    /// [`Logto::routes`](crate::Logto::routes) then has the route `POST /webhook`, which ends the
    /// sessions of users who are deleted or suspended; see [`WebhookConfig`].
    ///
    /// ```
    /// use logto_axum::{WebConfig, WebhookConfig};
    ///
    /// # fn example(web: WebConfig, signing_key: String) -> WebConfig {
    /// web.with_webhooks(WebhookConfig::new([signing_key.into()]))
    /// # }
    /// ```
    #[must_use]
    pub fn with_webhooks(mut self, webhooks: WebhookConfig) -> Self {
        self.webhooks = Some(webhooks);
        self
    }

    /// How webhooks are received, if they are.
    #[must_use]
    pub fn webhooks(&self) -> Option<&WebhookConfig> {
        self.webhooks.as_ref()
    }
}
