//! Keeping a lease during a request.

use std::{future::Future, pin::pin, time::Duration};

use futures_util::future::{Either, select};

use super::{Lease, Leases};
use crate::error::Diagnose as _;

/// How often an owner renews its lease while another process might take it.
pub(super) const INTERVAL: Duration = Duration::from_millis(600);

impl Leases {
    /// Runs `work`, and renews the lease meanwhile. The renewals tell other processes that this one
    /// is alive, and a request may be preceded and followed by others, for the provider's metadata
    /// and keys.
    ///
    /// If the lease is lost, the work continues, because a request cannot be taken back.
    pub(in crate::session) async fn hold_during<T>(&self, lease: &mut Lease, work: impl Future<Output = T>) -> T {
        let clock = self.client.clock();
        let mut work = pin!(work);
        loop {
            let interval = self.interval(lease);
            if let Either::Left((done, _)) = select(work.as_mut(), clock.sleep(interval)).await {
                return done;
            }
            // The result has to be saved at once, so it does not wait for the renewal.
            let renewed = match select(work.as_mut(), pin!(self.renew(lease))).await {
                Either::Left((done, _)) => return done,
                Either::Right((renewed, _)) => renewed,
            };
            match renewed {
                Ok(true) => {}
                Ok(false) => return work.await,
                Err(error) => tracing::debug!(code = error.code(), "a lease could not be renewed"),
            }
        }
    }

    /// The time until the next renewal. Once no other process may take the lease, only its deadline
    /// has to be moved.
    fn interval(&self, lease: &Lease) -> Duration {
        if lease.is_takeover_excluded {
            Duration::from_secs(self.lifetime() / 3)
        } else {
            INTERVAL
        }
    }
}
