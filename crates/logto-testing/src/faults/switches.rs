//! The faults that are switched on.

use std::sync::Mutex;

use super::{
    fault::{Fault, FaultKind},
    http::HttpFault,
};
use crate::requests::Endpoint;

#[derive(Debug, Default)]
pub(crate) struct FaultSwitches(Mutex<Vec<Switch>>);

#[derive(Debug)]
struct Switch {
    fault: Fault,
    /// Whether the fault is switched off after its first use.
    once: bool,
}

impl FaultSwitches {
    pub(crate) fn add(&self, fault: Fault, once: bool) {
        self.0.lock().unwrap().push(Switch { fault, once });
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    /// Takes the faults of one kind, in the order in which they were switched on. Those for one use
    /// are removed.
    pub(crate) fn take<K: FaultKind>(&self) -> Vec<K> {
        let mut taken = Vec::new();
        self.0
            .lock()
            .unwrap()
            .retain(|switch| match K::from_fault(&switch.fault) {
                Some(fault) => {
                    taken.push(fault.clone());
                    !switch.once
                }
                None => true,
            });
        taken
    }

    /// The HTTP fault of the next response: the oldest for one use, otherwise the newest lasting
    /// one.
    pub(crate) fn take_http(&self, endpoint: Endpoint) -> Option<HttpFault> {
        let mut switches = self.0.lock().unwrap();
        let applies = |switch: &Switch| matches!(&switch.fault, Fault::Http(at, _) if *at == endpoint);
        let index = switches
            .iter()
            .position(|switch| switch.once && applies(switch))
            .or_else(|| switches.iter().rposition(applies))?;
        let fault = if switches[index].once {
            switches.remove(index).fault
        } else {
            switches[index].fault.clone()
        };
        match fault {
            Fault::Http(_, fault) => Some(fault),
            _ => None,
        }
    }
}
