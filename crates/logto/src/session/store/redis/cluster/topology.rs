//! The slots of the cluster as far as they are known, and when they have to be asked for again.

use std::sync::{Arc, Mutex, PoisonError};

use redis::RedisResult;

use super::slots::Slots;
use crate::session::store::redis::address::Endpoint;

pub(super) struct Topology {
    /// The nodes of the connection string.
    seeds: Vec<Endpoint>,
    current: Mutex<Current>,
    /// Held while a node is asked, so that concurrent queries ask once.
    lookup: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Current {
    slots: Option<Arc<Slots>>,
    is_outdated: bool,
}

impl Topology {
    pub(super) fn new(seeds: Vec<Endpoint>) -> Self {
        Self {
            seeds,
            current: Mutex::default(),
            lookup: tokio::sync::Mutex::default(),
        }
    }

    /// Makes the next query ask for the slots, unless they have changed since `seen`.
    pub(super) fn outdate(&self, seen: &Arc<Slots>) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.slots.as_ref().is_some_and(|slots| Arc::ptr_eq(slots, seen)) {
            current.is_outdated = true;
        }
    }

    /// The slots. If they are unknown or outdated, `ask` gets them from one of the nodes.
    pub(super) async fn slots<F>(&self, ask: impl Fn(Vec<Endpoint>) -> F) -> RedisResult<Arc<Slots>>
    where
        F: Future<Output = RedisResult<Slots>>,
    {
        if let Some(slots) = self.known() {
            return Ok(slots);
        }
        let _lookup = self.lookup.lock().await;
        if let Some(slots) = self.known() {
            return Ok(slots);
        }
        let slots = Arc::new(ask(self.nodes()).await?);
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        *current = Current {
            slots: Some(Arc::clone(&slots)),
            is_outdated: false,
        };
        Ok(slots)
    }

    fn known(&self) -> Option<Arc<Slots>> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.slots.clone().filter(|_| !current.is_outdated)
    }

    /// The nodes that may know the slots: those that had some, and those of the connection string.
    fn nodes(&self) -> Vec<Endpoint> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let known = current.slots.iter().flat_map(|slots| slots.nodes());
        let mut nodes = Vec::new();
        for node in known.chain(&self.seeds) {
            if !nodes.contains(node) {
                nodes.push(node.clone());
            }
        }
        nodes
    }
}
