//! The state of a connection between two programs.

use std::time::Duration;

/// The trouble of a [`FaultProxy`](super::FaultProxy).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Trouble {
    #[default]
    None,
    /// Every piece of data is forwarded this much later.
    Delay(Duration),
    /// Connections are reset, new ones as soon as they are accepted.
    Reset,
    /// Connections stay open, and their data is discarded, also after the trouble has ended: as when
    /// a firewall has forgotten them. New ones are accepted, and nothing is forwarded.
    HalfOpen,
    /// Nothing is forwarded until the trouble ends. No data is lost.
    Stall,
}
