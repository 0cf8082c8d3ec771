//! Metrics and spans, for operators.
//!
//! With the feature `metrics`, the crate records metrics through the [`metrics`] facade, so that an
//! app chooses the exporter. Install the exporter before the first [`LogtoClient`](crate::LogtoClient)
//! is made, because that describes the metrics to it. Without the feature nothing is recorded, and
//! no clock is read for it.
//!
//! Every value of a label comes from a closed set: an enum or the stable code of an error
//! ([`Diagnose::code`](crate::Diagnose::code)). No user, token, session or address is in a metric
//! or in a field of a span.
//!
//! [`metrics`]: https://docs.rs/metrics

mod catalogue;
mod labels;
mod outcome;
mod record;

#[cfg(feature = "metrics")]
mod recorder;
#[cfg(not(feature = "metrics"))]
#[path = "no_recorder.rs"]
mod recorder;

pub use self::{
    catalogue::{METRICS, Metric, MetricKind},
    labels::{SessionEvent, StoreKind},
};
pub(crate) use self::{
    labels::{CacheName, CacheResult, Endpoint, StoreOperation},
    record::{cache_request, lease_wait, provider_request, refresh, store_operation},
    recorder::{Timer, describe},
};
#[doc(hidden)]
pub use self::{
    outcome::Outcome,
    record::{count_session, count_sign_in, count_sign_out},
};
