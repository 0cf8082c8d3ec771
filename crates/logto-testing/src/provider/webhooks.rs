//! The webhooks of the tenant, and the deliveries of its events.

use std::sync::{Arc, Mutex, MutexGuard};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::Notify;

use super::delivery::{WebhookConfig, deliver};
use crate::random;

/// A webhook, as the Management API shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Webhook {
    tenant_id: &'static str,
    pub(crate) id: String,
    name: String,
    /// The only event, if `events` is empty.
    event: Option<String>,
    events: Vec<String>,
    config: WebhookConfig,
    signing_key: String,
    enabled: bool,
    /// In milliseconds.
    created_at: u64,
}

/// The fields of a webhook that a request sets.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct WebhookFields {
    pub(crate) name: Option<String>,
    pub(crate) event: Option<String>,
    pub(crate) events: Option<Vec<String>>,
    pub(crate) config: Option<WebhookConfig>,
    pub(crate) enabled: Option<bool>,
}

impl Webhook {
    pub(crate) fn new(config: WebhookConfig, signing_key: String, now: u64) -> Self {
        Self {
            tenant_id: "default",
            id: random::id(),
            name: String::new(),
            event: None,
            events: Vec::new(),
            config,
            signing_key,
            enabled: true,
            created_at: now * 1000,
        }
    }

    #[must_use]
    pub(crate) fn with(mut self, fields: WebhookFields) -> Self {
        self.change(fields);
        self
    }

    fn change(&mut self, fields: WebhookFields) {
        let WebhookFields {
            name,
            event,
            events,
            config,
            enabled,
        } = fields;
        if let Some(name) = name {
            self.name = name;
        }
        if event.is_some() {
            self.event = event;
        }
        if let Some(events) = events {
            self.events.clear();
            for event in events {
                if !self.events.contains(&event) {
                    self.events.push(event);
                }
            }
        }
        if let Some(config) = config {
            self.config = config;
        }
        if let Some(enabled) = enabled {
            self.enabled = enabled;
        }
    }

    fn asks_for(&self, event: &str) -> bool {
        let is_listed = if self.events.is_empty() {
            self.event.as_deref() == Some(event)
        } else {
            self.events.iter().any(|other| other == event)
        };
        self.enabled && is_listed
    }
}

/// A webhook that the provider has sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookDelivery {
    /// The event, such as `User.Deleted`.
    pub event: String,
    /// The URL of the webhook.
    pub url: String,
    /// The status of the response; `None` if there was none.
    pub status: Option<u16>,
}

#[derive(Debug, Default)]
pub(crate) struct Webhooks {
    all: Mutex<Vec<Webhook>>,
    deliveries: Arc<Deliveries>,
}

/// The deliveries that have ended.
#[derive(Debug, Default)]
struct Deliveries {
    ended: Mutex<Vec<WebhookDelivery>>,
    changed: Notify,
}

impl Webhooks {
    fn all(&self) -> MutexGuard<'_, Vec<Webhook>> {
        self.all.lock().unwrap()
    }

    pub(crate) fn list(&self) -> Vec<Webhook> {
        self.all().clone()
    }

    pub(crate) fn get(&self, id: &str) -> Option<Webhook> {
        self.all().iter().find(|webhook| webhook.id == id).cloned()
    }

    pub(crate) fn add(&self, webhook: Webhook) {
        self.all().push(webhook);
    }

    pub(crate) fn update(&self, id: &str, fields: WebhookFields) -> Option<Webhook> {
        self.modify(id, |webhook| webhook.change(fields))
    }

    pub(crate) fn renew_key(&self, id: &str) -> Option<Webhook> {
        self.modify(id, |webhook| webhook.signing_key = new_signing_key())
    }

    fn modify(&self, id: &str, change: impl FnOnce(&mut Webhook)) -> Option<Webhook> {
        let mut all = self.all();
        let found = all.iter_mut().find(|webhook| webhook.id == id)?;
        change(found);
        Some(found.clone())
    }

    /// Whether there was a webhook with this id.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let mut all = self.all();
        let before = all.len();
        all.retain(|webhook| webhook.id != id);
        all.len() < before
    }

    /// Sends an event to the webhooks that ask for it, once and in the background. A delivery that
    /// fails has no effect on the request that caused the event.
    pub(crate) fn report(&self, event: &str, body: &Map<String, Value>) {
        for webhook in self.all().iter().filter(|webhook| webhook.asks_for(event)) {
            let mut body = body.clone();
            body.insert("event".into(), event.into());
            body.insert("hookId".into(), webhook.id.clone().into());
            let (config, signing_key) = (webhook.config.clone(), webhook.signing_key.clone());
            let mut delivery = WebhookDelivery {
                event: event.to_owned(),
                url: config.url.clone(),
                status: None,
            };
            let deliveries = Arc::clone(&self.deliveries);
            tokio::spawn(async move {
                match deliver(&config, &signing_key, Value::Object(body).to_string()).await {
                    Ok(status) => delivery.status = Some(status.as_u16()),
                    Err(error) => {
                        tracing::warn!(
                            url = delivery.url,
                            event = delivery.event,
                            error,
                            "a webhook was not delivered"
                        );
                    }
                }
                deliveries.ended.lock().unwrap().push(delivery);
                deliveries.changed.notify_waiters();
            });
        }
    }

    /// Waits until so many deliveries have ended, and returns all of them.
    pub(crate) async fn wait(&self, count: usize) -> Vec<WebhookDelivery> {
        loop {
            // Created before counting, so that a delivery that ends in between wakes it.
            let changed = self.deliveries.changed.notified();
            let ended = self.deliveries.ended.lock().unwrap().clone();
            if ended.len() >= count {
                return ended;
            }
            changed.await;
        }
    }
}

/// 32 characters, as Logto's.
pub(crate) fn new_signing_key() -> String {
    random::opaque()[..32].to_owned()
}
