//! Whether this instance should get requests.

use std::time::Duration;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use logto::{Diagnose as _, session::SessionId};
use serde::Serialize;

use super::{
    NO_STORE,
    probe::{Checked, Limits},
};
use crate::logto::Logto;

/// The provider is asked at most every 30 seconds, however often `/ready` is called.
const PROVIDER: Limits = Limits {
    kept: 30,
    time: Duration::from_secs(3),
    late: "provider_timed_out",
};

const STORE: Limits = Limits {
    kept: 1,
    time: Duration::from_secs(2),
    late: "store_unavailable",
};

/// Whether this instance should get requests, and the states of the provider and the session store.
///
/// It serializes to `{"status":"ready","provider":{"state":"ok"},"store":{"state":"ok"}}`, and has
/// no addresses, names or secrets. As a response it is 200 if the instance is ready, 503 if not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Readiness {
    status: &'static str,
    #[serde(skip_serializing_if = "is_false")]
    draining: bool,
    provider: ProviderHealth,
    store: PartHealth,
}

/// The state of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct PartHealth {
    /// `ok`, `unavailable`, or `none` if there is no such part.
    state: &'static str,
    /// The stable code of the last error.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct ProviderHealth {
    #[serde(flatten)]
    part: PartHealth,
    /// The age of the provider's metadata, in seconds. Absent if they were never fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata_age: Option<u64>,
}

impl PartHealth {
    fn of(checked: Checked) -> Self {
        Self {
            state: if checked.is_ok() { "ok" } else { "unavailable" },
            code: checked.err(),
        }
    }
}

impl Readiness {
    /// Whether the instance should get requests.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.status == "ready"
    }
}

impl IntoResponse for Readiness {
    fn into_response(self) -> Response {
        let status = if self.is_ready() {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        (status, NO_STORE, Json(self)).into_response()
    }
}

impl Logto {
    /// Returns whether this instance should get requests.
    ///
    /// It is not ready
    ///
    /// - while the session store, or the shared store of the deny list, is unavailable, because it
    ///   then cannot tell who is signed in;
    /// - until the provider's metadata has been fetched once, because sign-ins would fail;
    /// - after [`Logto::start_draining`].
    ///
    /// A later outage of the provider is reported, but the instance stays ready: users who are
    /// signed in continue, and every other instance has the same provider.
    ///
    /// Calls are cheap: the store is asked at most once a second and the provider at most every 30
    /// seconds, each for at most three seconds, and concurrent calls share the result.
    pub async fn readiness(&self) -> Readiness {
        let (provider, store) = futures_util::join!(self.provider_health(), self.store_health());
        let draining = self.shared.health.is_draining();
        let is_ready = !draining && provider.metadata_age.is_some() && store.state != "unavailable";
        Readiness {
            status: if is_ready { "ready" } else { "not ready" },
            draining,
            provider,
            store,
        }
    }

    async fn provider_health(&self) -> ProviderHealth {
        let client = self.client().clone();
        let check = || async move { client.check_provider().await.map_err(|error| error.code()) };
        let checked = self
            .shared
            .health
            .provider
            .check(self.client().clock(), PROVIDER, check);
        ProviderHealth {
            part: PartHealth::of(checked.await),
            metadata_age: self.client().metadata_age(),
        }
    }

    async fn store_health(&self) -> PartHealth {
        let health = &self.shared.health;
        let Some(store) = health.probed_store.clone() else {
            return PartHealth {
                state: "none",
                code: None,
            };
        };
        let now = self.client().now();
        // The id of no session: those are random.
        let check = || async move {
            let id = SessionId::from_bytes(&[0; 32]).ok_or("store_unavailable")?;
            let loaded = store.load(&id, now).await;
            loaded.map(drop).map_err(|error| error.code())
        };
        PartHealth::of(health.store.check(self.client().clock(), STORE, check).await)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde requires")]
fn is_false(value: &bool) -> bool {
    !value
}
