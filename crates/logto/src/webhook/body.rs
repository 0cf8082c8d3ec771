//! The body of a webhook.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::WebhookError;

/// The fields of an object, as text. Only those that are needed are read: the event of a user
/// contains data that the user may write, and its depth must not keep the event from being read.
pub(super) struct Body(BTreeMap<String, Box<RawValue>>);

impl Body {
    pub(super) fn parse(body: &str) -> Result<Self, WebhookError> {
        let fields = serde_json::from_str(body).map_err(|_| WebhookError::Malformed)?;
        Ok(Self(fields))
    }

    /// A text. `None` if it is absent, empty, or of another type.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.read(name).filter(|text: &String| !text.is_empty())
    }

    /// A text in an object of the body.
    pub(super) fn text_in(&self, object: &str, name: &str) -> Option<String> {
        self.object(object)?.text(name)
    }

    /// A truth value in an object of the body.
    pub(super) fn bool_in(&self, object: &str, name: &str) -> Option<bool> {
        self.object(object)?.read(name)
    }

    pub(super) fn required(&self, name: &'static str) -> Result<String, WebhookError> {
        self.text(name).ok_or(WebhookError::FieldMissing(name))
    }

    /// A list of ids. Logto leaves it out if nothing has changed.
    pub(super) fn ids(&self, name: &'static str) -> Result<Vec<String>, WebhookError> {
        let Some(value) = self.0.get(name) else {
            return Ok(Vec::new());
        };
        let ids: Option<Vec<String>> =
            serde_json::from_str(value.get()).map_err(|_| WebhookError::FieldMissing(name))?;
        let ids = ids.unwrap_or_default();
        if ids.iter().any(String::is_empty) {
            return Err(WebhookError::FieldMissing(name));
        }
        Ok(ids)
    }

    fn object(&self, name: &str) -> Option<Self> {
        self.read(name).map(Self)
    }

    /// A value. `None` if it is absent or of another type.
    pub(super) fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.0.get(name)?.get()).ok()
    }
}
