//! The processes of the instances, alive and dead.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::journal::INSTANCES;

/// A process of an instance. Its generation grows with every start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) instance: usize,
    pub(crate) generation: u32,
}

/// The end of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Death {
    pub(crate) process: Process,
    pub(crate) at: Duration,
    /// Whether it was SIGKILL. A process that ends by SIGTERM has to finish its work.
    pub(crate) is_kill: bool,
}

#[derive(Default)]
pub(crate) struct Roster(Mutex<State>);

#[derive(Default)]
struct State {
    generations: [u32; INSTANCES],
    deaths: Vec<Death>,
}

impl Roster {
    /// Registers a new process of an instance.
    pub(crate) fn begin(&self, instance: usize) -> Process {
        let mut state = self.state();
        state.generations[instance] += 1;
        let generation = state.generations[instance];
        Process { instance, generation }
    }

    pub(crate) fn current(&self, instance: usize) -> Process {
        let generation = self.state().generations[instance];
        Process { instance, generation }
    }

    pub(crate) fn end(&self, process: Process, at: Duration, is_kill: bool) {
        self.state().deaths.push(Death { process, at, is_kill });
    }

    pub(crate) fn deaths(&self) -> Vec<Death> {
        self.state().deaths.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
