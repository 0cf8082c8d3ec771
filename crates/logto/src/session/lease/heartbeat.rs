//! Keeping a lease during a request.

use std::{future::Future, pin::pin};

use futures_util::future::{Either, select};

use super::{Lease, Leases, watch::INTERVAL};
use crate::error::Diagnose as _;

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
            if let Either::Left((done, _)) = select(work.as_mut(), clock.sleep(INTERVAL)).await {
                return done;
            }
            // Never dropped half-way, because the number of the entry would then be unknown.
            let renewed = match select(work.as_mut(), pin!(self.renew(lease))).await {
                Either::Left((done, renewal)) => {
                    let _ = renewal.await;
                    return done;
                }
                Either::Right((renewed, _)) => renewed,
            };
            match renewed {
                Ok(true) => {}
                Ok(false) => return work.await,
                Err(error) => tracing::debug!(code = error.code(), "a lease could not be renewed"),
            }
        }
    }
}
