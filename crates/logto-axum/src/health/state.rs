//! The health of one app: what the probes found, and whether the process is about to stop.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use logto::session::store::SessionStore;

use super::probe::Probe;

/// Shared by all requests.
pub(crate) struct HealthState {
    is_draining: AtomicBool,
    pub(super) provider: Probe,
    pub(super) store: Probe,
    /// The session store or, with sessions in cookies, the shared store of the deny list.
    pub(super) probed_store: Option<Arc<dyn SessionStore>>,
}

impl HealthState {
    pub(crate) fn new(probed_store: Option<Arc<dyn SessionStore>>) -> Self {
        Self {
            is_draining: AtomicBool::new(false),
            provider: Probe::default(),
            store: Probe::default(),
            probed_store,
        }
    }

    pub(super) fn start_draining(&self) {
        self.is_draining.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }
}
