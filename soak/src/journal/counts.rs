//! The counts of a run.

use std::{collections::BTreeMap, time::Duration};

use super::faults::FaultKind;

#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// Requests to the app, redirects not counted.
    pub(crate) requests: u64,
    pub(crate) sign_ins: u64,
    pub(crate) failed_sign_ins: BTreeMap<String, u64>,
    pub(crate) sign_outs: u64,
    /// Old cookies that were tried after a sign-out.
    pub(crate) replays: u64,
    /// Refreshes that the provider received.
    pub(crate) refreshes: u64,
    /// Refreshes that returned a new refresh token.
    pub(crate) rotations: u64,
    /// Uses of a rotated token that the provider accepted, within its grace.
    pub(crate) reuses_within_grace: u64,
    /// Uses of a rotated token that made the provider revoke the grant.
    pub(crate) reuses_beyond_grace: u64,
    /// Users who were signed out because a process died between a rotation and its save.
    pub(crate) killed_between_rotation_and_save: u64,
    /// Users who were signed out because the network lost the answer with the rotated token.
    pub(crate) answers_lost: u64,
    /// Responses that report an outage, by status. `None`: no response.
    pub(crate) errors: BTreeMap<Option<u16>, u64>,
    /// Outages without a fault.
    pub(crate) errors_without_fault: u64,
    /// Answers that the app refused for another reason, by status.
    pub(crate) refused: BTreeMap<u16, u64>,
    pub(crate) faults: BTreeMap<FaultKind, u64>,
    /// How late a timer of this program was at most. The machine is overloaded if it is more than a
    /// fraction of a second.
    pub(crate) latest_timer: Duration,
}
