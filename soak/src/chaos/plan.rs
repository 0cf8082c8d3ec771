//! The faults of a run, and when they begin. They depend on the seed alone.

use std::time::Duration;

use crate::{
    journal::{FaultKind, INSTANCES, Target},
    store::StoreKind,
};

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) at: Duration,
    pub(crate) kind: FaultKind,
    pub(crate) target: Target,
    /// How long it lasts, or how long an instance stays away.
    pub(crate) length: Duration,
}

/// The frame of a plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// No fault begins earlier or later.
    pub(crate) from: Duration,
    pub(crate) to: Duration,
    /// The mean pause between the beginnings of two faults.
    pub(crate) pause: Duration,
    /// The longest fault.
    pub(crate) longest: Duration,
}

/// Plans faults. Every kind occurs before one occurs again.
pub(crate) fn plan(rng: &mut fastrand::Rng, store: StoreKind, frame: Frame) -> Vec<Event> {
    let (mut events, mut at, mut deck) = (Vec::new(), frame.from, Vec::new());
    while at < frame.to {
        if deck.is_empty() {
            deck = kinds(store);
            rng.shuffle(&mut deck);
        }
        let Some(kind) = deck.pop() else {
            break;
        };
        let (target, length) = (target(rng, kind, store), length(rng, kind).min(frame.longest));
        events.push(Event {
            at,
            kind,
            target,
            length,
        });
        at += frame.pause.mul_f64(0.5 + rng.f64());
    }
    events
}

fn kinds(store: StoreKind) -> Vec<FaultKind> {
    let of_store = if store == StoreKind::Sentinel {
        FaultKind::Failover
    } else {
        FaultKind::StoreRestart
    };
    vec![
        FaultKind::Kill,
        FaultKind::KillAfterRotation,
        FaultKind::Terminate,
        of_store,
        FaultKind::SlowProvider,
        FaultKind::ProviderErrors,
        FaultKind::KeyRotation,
        FaultKind::Delay,
        FaultKind::Reset,
        FaultKind::HalfOpen,
        FaultKind::Stall,
    ]
}

fn target(rng: &mut fastrand::Rng, kind: FaultKind, store: StoreKind) -> Target {
    let instance = rng.usize(..INSTANCES);
    match kind {
        FaultKind::Kill | FaultKind::KillAfterRotation | FaultKind::Terminate => Target::Instance(instance),
        FaultKind::StoreRestart | FaultKind::Failover => Target::Store,
        FaultKind::SlowProvider | FaultKind::ProviderErrors | FaultKind::KeyRotation => Target::Provider,
        FaultKind::Delay | FaultKind::Reset | FaultKind::HalfOpen | FaultKind::Stall => {
            if store.has_proxies() && rng.bool() {
                Target::ToStore(instance)
            } else {
                Target::ToProvider(instance)
            }
        }
    }
}

fn length(rng: &mut fastrand::Rng, kind: FaultKind) -> Duration {
    let seconds = match kind {
        FaultKind::Kill | FaultKind::KillAfterRotation | FaultKind::Terminate | FaultKind::Reset => 0.2..2.0,
        FaultKind::SlowProvider => 2.0..8.0,
        FaultKind::ProviderErrors | FaultKind::HalfOpen | FaultKind::Delay => 1.0..6.0,
        FaultKind::Stall => 0.5..4.0,
        FaultKind::StoreRestart | FaultKind::Failover | FaultKind::KeyRotation => 0.0..0.0,
    };
    Duration::from_secs_f64(seconds.start + rng.f64() * (seconds.end - seconds.start))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn plan_of(seed: u64, store: StoreKind) -> Vec<Event> {
        let mut rng = fastrand::Rng::with_seed(seed);
        let frame = Frame {
            from: Duration::from_secs(5),
            to: Duration::from_secs(500),
            pause: Duration::from_secs(5),
            longest: Duration::from_secs(8),
        };
        plan(&mut rng, store, frame)
    }

    #[test]
    fn the_same_seed_plans_the_same_faults() {
        assert_eq!(plan_of(7, StoreKind::Redis), plan_of(7, StoreKind::Redis));
        assert_ne!(plan_of(7, StoreKind::Redis), plan_of(8, StoreKind::Redis));
    }

    #[test]
    fn every_kind_of_fault_occurs() {
        for store in [StoreKind::Redis, StoreKind::Postgres, StoreKind::Sentinel] {
            let found: BTreeSet<_> = plan_of(1, store).iter().take(11).map(|event| event.kind).collect();
            assert_eq!(found, kinds(store).into_iter().collect(), "{store:?}");
        }
    }

    #[test]
    fn a_store_behind_sentinels_has_no_network_faults() {
        let events = plan_of(1, StoreKind::Sentinel);
        assert!(events.iter().all(|event| !matches!(event.target, Target::ToStore(_))));
    }
}
