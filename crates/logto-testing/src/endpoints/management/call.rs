//! The call that causes an event of webhooks.

use std::{convert::Infallible, sync::Arc};

use axum::{
    RequestPartsExt as _,
    extract::{FromRequestParts, MatchedPath, RawPathParams},
    http::{StatusCode, header, request::Parts},
};
use serde_json::{Map, Value, json};

use crate::{provider::Provider, webhook_format};

/// The most ids that Logto names in a list.
const MAX_IDS: usize = 5000;

/// A call of the Management API, as webhooks describe it.
pub(super) struct Call(Map<String, Value>);

impl FromRequestParts<Arc<Provider>> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Provider>) -> Result<Self, Infallible> {
        let matched = parts.extract::<MatchedPath>().await.expect("a route was matched");
        let params = parts.extract::<RawPathParams>().await.expect("the path is UTF-8");
        let params: Map<_, _> = params
            .iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let without_base = |path: &str| path.strip_prefix("/api").unwrap_or(path).to_owned();
        let mut call = Map::from_iter([
            ("method".to_owned(), parts.method.as_str().into()),
            ("path".to_owned(), without_base(parts.uri.path()).into()),
            (
                "matchedRoute".to_owned(),
                without_base(matched.as_str()).replace('{', ":").replace('}', "").into(),
            ),
            ("params".to_owned(), params.into()),
            ("ip".to_owned(), "127.0.0.1".into()),
        ]);
        let user_agent = parts.headers.get(header::USER_AGENT);
        if let Some(user_agent) = user_agent.and_then(|value| value.to_str().ok()) {
            call.insert("userAgent".to_owned(), user_agent.into());
        }
        Ok(Self(call))
    }
}

impl Call {
    /// Reports an event to the webhooks. `data` are its own fields.
    pub(super) fn report(self, provider: &Provider, status: StatusCode, event: &str, data: &Value) {
        let mut body = self.0;
        body.insert("createdAt".into(), webhook_format::timestamp(provider.now()).into());
        body.insert("status".into(), status.as_u16().into());
        for (name, value) in data.as_object().into_iter().flatten() {
            body.insert(name.clone(), value.clone());
        }
        provider.webhooks.report(event, &body);
    }

    /// Reports that members have joined or left an organization. Logto leaves empty lists out.
    pub(super) fn report_members(
        self,
        provider: &Provider,
        status: StatusCode,
        organization_id: &str,
        added: &[&str],
        removed: &[&str],
    ) {
        let mut data = json!({ "organizationId": organization_id });
        for (name, ids) in [("addedUserIds", added), ("removedUserIds", removed)] {
            if !ids.is_empty() {
                data[name] = json!(&ids[..ids.len().min(MAX_IDS)]);
            }
        }
        self.report(provider, status, "Organization.Membership.Updated", &data);
    }
}
