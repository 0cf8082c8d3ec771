//! Lets the faults of a plan happen.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Mutex,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::plan::Event;
use crate::{
    failure::Failure,
    instance::AppInstance,
    journal::{FaultKind, INSTANCES, Journal, Target, ViolationKind},
    provider::Provider,
    store::Store,
    wire::{FaultProxy, Trouble},
};

const DELAY: Duration = Duration::from_millis(150);
/// How long a kill waits for a rotation.
const ROTATION: Duration = Duration::from_secs(5);

/// Everything that can fail.
pub(crate) struct Parts {
    pub(crate) journal: Arc<Journal>,
    pub(crate) provider: Arc<Provider>,
    pub(crate) store: Store,
    pub(crate) instances: [Mutex<AppInstance>; INSTANCES],
    /// The proxies between instances and provider.
    pub(crate) to_provider: Vec<FaultProxy>,
}

/// Runs a plan, and waits until every fault has ended.
pub(crate) async fn run(parts: &Arc<Parts>, plan: Vec<Event>) {
    // Faults of the same part happen one after the other.
    let locks = Arc::new(Locks::default());
    let mut faults = JoinSet::new();
    for event in plan {
        sleep(event.at.saturating_sub(parts.journal.now())).await;
        let (parts, locks) = (Arc::clone(parts), Arc::clone(&locks));
        faults.spawn(async move {
            let _lock = locks.of(event.target).lock().await;
            let index = parts.journal.fault_begins(event.kind, event.target);
            eprintln!(
                "    {:>5.1} s  {}: {}",
                parts.journal.now().as_secs_f64(),
                event.target,
                event.kind
            );
            if let Err(error) = apply(&parts, event).await {
                parts
                    .journal
                    .violation(ViolationKind::NoRecovery, None, error.to_string());
            }
            parts.journal.fault_ends(index);
        });
    }
    while faults.join_next().await.is_some() {}
}

#[derive(Default)]
struct Locks {
    store: Mutex<()>,
    provider: Mutex<()>,
    instances: [Mutex<()>; INSTANCES],
    to_store: [Mutex<()>; INSTANCES],
    to_provider: [Mutex<()>; INSTANCES],
}

impl Locks {
    fn of(&self, target: Target) -> &Mutex<()> {
        match target {
            Target::Store => &self.store,
            Target::Provider => &self.provider,
            Target::Instance(number) => &self.instances[number],
            Target::ToStore(number) => &self.to_store[number],
            Target::ToProvider(number) => &self.to_provider[number],
        }
    }
}

async fn apply(parts: &Parts, event: Event) -> Result<(), Failure> {
    match event.target {
        Target::Store => parts.store.restart().await,
        Target::Provider => {
            trouble_provider(&parts.provider, event).await;
            Ok(())
        }
        Target::Instance(number) => replace(parts, number, event).await,
        Target::ToStore(number) => {
            if let Some(proxy) = parts.store.proxy(number) {
                trouble_network(proxy, event).await;
            }
            Ok(())
        }
        Target::ToProvider(number) => {
            trouble_network(&parts.to_provider[number], event).await;
            Ok(())
        }
    }
}

async fn replace(parts: &Parts, number: usize, event: Event) -> Result<(), Failure> {
    if event.kind == FaultKind::KillAfterRotation {
        let mut rotations = parts.provider.rotations(number);
        rotations.mark_unchanged();
        // Without a rotation it is an ordinary kill.
        let _ = timeout(ROTATION, rotations.changed()).await;
    }
    let mut instance = parts.instances[number].lock().await;
    if event.kind == FaultKind::Terminate {
        instance.terminate().await?;
    } else {
        instance.kill().await?;
    }
    drop(instance);
    sleep(event.length).await;
    parts.instances[number].lock().await.restart().await
}

async fn trouble_provider(provider: &Provider, event: Event) {
    match event.kind {
        FaultKind::SlowProvider => provider.set_slow(true),
        FaultKind::ProviderErrors => provider.set_errors(true),
        _ => provider.rotate_keys(),
    }
    sleep(event.length).await;
    provider.set_slow(false);
    provider.set_errors(false);
}

async fn trouble_network(proxy: &FaultProxy, event: Event) {
    proxy.set(match event.kind {
        FaultKind::Delay => Trouble::Delay(DELAY),
        FaultKind::Reset => Trouble::Reset,
        FaultKind::HalfOpen => Trouble::HalfOpen,
        _ => Trouble::Stall,
    });
    sleep(event.length).await;
    proxy.set(Trouble::None);
}
