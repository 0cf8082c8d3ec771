//! The event of a webhook.

use std::{fmt, sync::Arc};

use chrono::DateTime;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::{WebhookEventKind, body::Body};
use crate::{clock::Timestamp, error::WebhookError};

/// An event that Logto has reported, from a webhook whose signature was verified.
///
/// The `Debug` output has no data of users except ids. Clones share the body.
#[derive(Clone)]
pub struct WebhookEvent {
    name: String,
    hook_id: String,
    created_at: Timestamp,
    expires: Timestamp,
    kind: WebhookEventKind,
    text: Arc<str>,
    hash: [u8; 32],
}

impl fmt::Debug for WebhookEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEvent")
            .field("name", &self.name)
            .field("hook_id", &self.hook_id)
            .field("created_at", &self.created_at)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl WebhookEvent {
    /// Reads a body whose signature was verified. The event is accepted for so many seconds.
    pub(super) fn parse(body: &[u8], accepted_for: u64) -> Result<Self, WebhookError> {
        let hash = Sha256::digest(body).into();
        let json = std::str::from_utf8(body).map_err(|_| WebhookError::Malformed)?;
        let body = Body::parse(json)?;
        let text = |name| body.read::<String>(name).ok_or(WebhookError::Malformed);
        let name = text("event")?;
        let created_at = timestamp(&text("createdAt")?).ok_or(WebhookError::Malformed)?;
        Ok(Self {
            kind: WebhookEventKind::of(&name, &body)?,
            name,
            hook_id: text("hookId")?,
            created_at,
            expires: created_at.plus(accepted_for),
            text: json.into(),
            hash,
        })
    }

    /// The name of the event, such as `User.Deleted`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The event with the data that apps react to. [`WebhookEventKind::Other`] for an event that
    /// this crate does not know: see [`WebhookEvent::name`] and [`WebhookEvent::body`].
    #[must_use]
    pub fn kind(&self) -> &WebhookEventKind {
        &self.kind
    }

    /// The id of the webhook in Logto.
    #[must_use]
    pub fn hook_id(&self) -> &str {
        &self.hook_id
    }

    /// When the event happened.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Reads the body as `T`, for fields that this crate does not know. A user may write the
    /// custom data in it, so let `T` have only the fields that you need.
    ///
    /// ```
    /// # use logto::{WebhookError, WebhookEvent};
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct RoleChange {
    ///     data: Role,
    /// }
    /// #[derive(Deserialize)]
    /// struct Role {
    ///     name: String,
    /// }
    /// # fn read(event: &WebhookEvent) -> Result<String, WebhookError> {
    /// let change: RoleChange = event.read()?;
    /// # Ok(change.data.name)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`WebhookError::Malformed`] if the body has another shape.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, WebhookError> {
        serde_json::from_str(&self.text).map_err(|_| WebhookError::Malformed)
    }

    /// The whole body as it was received, a JSON object.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.text
    }

    /// When the same webhook would be refused as too old.
    pub(crate) fn expires(&self) -> Timestamp {
        self.expires
    }

    /// The hash of the body, which identifies the delivery: Logto sends no id for it.
    pub(crate) fn hash(&self) -> &[u8; 32] {
        &self.hash
    }
}

fn timestamp(text: &str) -> Option<Timestamp> {
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    time.timestamp().try_into().ok().map(Timestamp::from_secs)
}
