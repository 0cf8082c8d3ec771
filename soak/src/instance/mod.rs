//! An instance of the app: its process, its memory, its metrics.

mod memory;
mod metrics;
mod process;
mod roster;

pub(crate) use self::{
    memory::resident,
    metrics::Metrics,
    process::{AppInstance, Settings},
    roster::{Death, Process, Roster},
};
