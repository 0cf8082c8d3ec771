//! The injected faults, and when each lasted.

use std::{fmt, time::Duration};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FaultKind {
    Kill,
    KillAfterRotation,
    Terminate,
    StoreRestart,
    Failover,
    SlowProvider,
    ProviderErrors,
    KeyRotation,
    Delay,
    Reset,
    HalfOpen,
    Stall,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kill => "instance killed (SIGKILL)",
            Self::KillAfterRotation => "instance killed right after a rotation",
            Self::Terminate => "instance restarted (SIGTERM)",
            Self::StoreRestart => "store killed and restarted",
            Self::Failover => "primary of the store killed (failover)",
            Self::SlowProvider => "provider answers after 6 s",
            Self::ProviderErrors => "provider answers 503",
            Self::KeyRotation => "signing key rotated",
            Self::Delay => "network: delay",
            Self::Reset => "network: connections reset",
            Self::HalfOpen => "network: half-open connections",
            Self::Stall => "network: stalled",
        })
    }
}

/// The part that a fault affects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Instance(usize),
    Store,
    Provider,
    /// The connections of an instance to the store.
    ToStore(usize),
    /// The connections of an instance to the provider.
    ToProvider(usize),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instance(number) => write!(f, "instance {}", number + 1),
            Self::Store => f.write_str("store"),
            Self::Provider => f.write_str("provider"),
            Self::ToStore(number) => write!(f, "instance {} to store", number + 1),
            Self::ToProvider(number) => write!(f, "instance {} to provider", number + 1),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct FaultWindow {
    pub(crate) kind: FaultKind,
    pub(crate) target: Target,
    pub(crate) start: Duration,
    /// `None` while it lasts.
    pub(crate) end: Option<Duration>,
}

impl FaultWindow {
    /// Whether the fault lasted at some time from `from` to `to`, or ended at most `after` before.
    pub(crate) fn overlaps(&self, from: Duration, to: Duration, after: Duration) -> bool {
        self.start <= to && self.end.is_none_or(|end| end + after >= from)
    }
}
