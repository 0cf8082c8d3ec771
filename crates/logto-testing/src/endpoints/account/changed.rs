//! A user has changed their own data.

use serde_json::Map;

use super::super::management::shown_user;
use crate::{
    provider::{Provider, ProviderState},
    webhook_format,
};

/// Notes the time of a change, and reports it to webhooks.
pub(super) fn changed(provider: &Provider, state: &mut ProviderState, user_id: &str) {
    let now = provider.now();
    let user = state.named(user_id);
    user.updated_at = now * 1000;
    let body = Map::from_iter([
        ("createdAt".to_owned(), webhook_format::timestamp(now).into()),
        ("data".to_owned(), shown_user(user)),
    ]);
    provider.webhooks.report("User.Data.Updated", &body);
}
