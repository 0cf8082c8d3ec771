//! Leases let one process at a time refresh a session in a shared store.
//!
//! A lease is a small entry in the [`SessionStore`], written by compare-and-swap like the entries of
//! a deny list. Every store that keeps its contract therefore has leases. A lease ends when its
//! owner releases it. A waiting process takes over from a dead owner while the provider still accepts
//! the old refresh token. Otherwise the lease ends at its deadline.

mod entry;
mod heartbeat;
mod look;
mod outcome;
mod results;
mod sharing;
mod watch;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use self::{
    entry::{Content, FREED, MARGIN, entry_id, milliseconds, next_number},
    results::Results,
    watch::TAKEOVER_WITHIN,
};
pub(super) use self::{look::Look, outcome::Outcome, results::LONGEST_KEPT, watch::Watch};
use super::{
    DenyList, SessionId,
    store::{Saved, SessionStore, StoreError, StoredSession},
};
use crate::{
    client::LogtoClient,
    clock::{Timestamp, random_text},
    error::Diagnose as _,
    seal::Sealer,
};

/// The leases of one process.
pub(super) struct Leases {
    client: LogtoClient,
    store: Arc<dyn SessionStore>,
    /// For sessions in cookies. A stored session is itself the result of its refresh.
    results: Option<Results>,
    /// Whether a failure of the store was logged, and the store has not answered since.
    failure_is_logged: AtomicBool,
}

/// A lease that this process holds.
pub(super) struct Lease {
    id: SessionId,
    /// The fencing number: it grows with every write of the entry, by any process. An owner that
    /// has lost its lease expects a number that the entry no longer has.
    number: u64,
    owner: String,
    /// In milliseconds since the Unix epoch.
    acquired: u64,
    /// Whether the entry says that no other process may take it before its deadline.
    is_takeover_excluded: bool,
    /// When the deadline was last set.
    renewed: Timestamp,
    /// The sealed result of the refresh before, and when it expires.
    earlier: (String, Timestamp),
}

impl Leases {
    pub(super) fn new(client: LogtoClient, store: Arc<dyn SessionStore>) -> Self {
        Self {
            client,
            store,
            results: None,
            failure_is_logged: AtomicBool::new(false),
        }
    }

    /// Leases for sessions in cookies, in the store of their deny list.
    pub(super) fn for_cookies(client: LogtoClient, sealer: Arc<Sealer>, deny_list: DenyList) -> Self {
        let store = Arc::clone(deny_list.store());
        let results = Results {
            client: client.clone(),
            sealer,
            deny_list,
        };
        Self {
            results: Some(results),
            ..Self::new(client, store)
        }
    }

    /// How long a lease lasts, in seconds.
    pub(super) fn lifetime(&self) -> u64 {
        whole_seconds(self.client.config().http_limits().timeout()) + MARGIN
    }

    /// Reads the lease of a session.
    pub(super) async fn look(&self, session: &SessionId) -> Result<Look, StoreError> {
        let id = entry_id(session);
        Ok(Look::at(self.store.load(&id, self.client.now()).await?))
    }

    /// Acquires the lease of a session if the entry is still as it was read. `None` if another
    /// process holds the lease, or has changed the entry.
    pub(super) async fn acquire(
        &self,
        session: &SessionId,
        look: &Look,
        watch: &Watch,
    ) -> Result<Option<Lease>, StoreError> {
        let (now, since_epoch) = (self.client.now(), self.since_epoch());
        let is_takeover = look.is_held(now);
        if is_takeover && !watch.permits_takeover(look, since_epoch) {
            return Ok(None);
        }
        let mut lease = Lease {
            id: entry_id(session),
            number: 0,
            owner: self.owner()?,
            // The refresh token may have rotated since its first owner acquired the lease.
            acquired: if is_takeover {
                look.acquired()
            } else {
                milliseconds(since_epoch)
            },
            is_takeover_excluded: false,
            renewed: now,
            earlier: (look.result().to_owned(), look.expires()),
        };
        let is_ours = self.hold(&mut lease, look.number(), now).await?;
        self.failure_is_logged.store(false, Ordering::Relaxed);
        Ok(is_ours.then_some(lease))
    }

    /// Sets the deadline again. `false` if the lease was lost: the deadline has passed, or another
    /// process holds it.
    async fn renew(&self, lease: &mut Lease) -> Result<bool, StoreError> {
        let now = self.client.now();
        if self.hold(lease, Some(lease.number), now).await? {
            return Ok(true);
        }
        // An earlier renewal may have succeeded although its answer was lost or not awaited.
        let look = Look::at(self.store.load(&lease.id, now).await?);
        Ok(look.is_of(&lease.owner) && self.hold(lease, look.number(), now).await?)
    }

    /// Renews a lease that is not from this second, so that it outlasts the next request.
    pub(super) async fn renew_if_due(&self, lease: &mut Lease) -> Result<bool, StoreError> {
        if lease.renewed == self.client.now() {
            return Ok(true);
        }
        self.renew(lease).await
    }

    async fn hold(&self, lease: &mut Lease, expected: Option<u64>, now: Timestamp) -> Result<bool, StoreError> {
        let deadline = now.plus(self.lifetime());
        let age = self.since_epoch().saturating_sub(Duration::from_millis(lease.acquired));
        let excludes_takeover = age >= TAKEOVER_WITHIN;
        let (result, result_expires) = (lease.earlier.0.as_str(), lease.earlier.1);
        let content = Content {
            deadline,
            acquired: if excludes_takeover { 0 } else { lease.acquired },
            owner: &lease.owner,
            result,
        };
        let expires = if result.is_empty() {
            deadline
        } else {
            deadline.max(result_expires)
        };
        let number = self.write(&lease.id, expected, content, expires, now).await?;
        if let Some(number) = number {
            (lease.number, lease.renewed) = (number, now);
            lease.is_takeover_excluded = excludes_takeover;
        }
        Ok(number.is_some())
    }

    /// Releases a lease. No-op if it was lost.
    ///
    /// The entry is replaced by compare-and-swap and not deleted, because it may be the lease of the
    /// next owner by now. It does not expire at once either, because the time to live of a store may
    /// not be zero.
    pub(super) async fn release(&self, lease: Lease, outcome: Outcome<'_>) -> Result<(), StoreError> {
        let now = self.client.now();
        let (result, expires) = match (&self.results, outcome) {
            (Some(results), Outcome::Refreshed { session, keep }) => {
                (results.seal(session, now).unwrap_or_default(), now.plus(keep))
            }
            (Some(_), Outcome::Unchanged) => lease.earlier.clone(),
            _ => (String::new(), now),
        };
        let content = Content::free(&lease.owner, &result);
        let expires = expires.max(now.plus(FREED));
        if self
            .write(&lease.id, Some(lease.number), content, expires, now)
            .await?
            .is_some()
        {
            return Ok(());
        }
        let look = Look::at(self.store.load(&lease.id, now).await?);
        if look.is_of(&lease.owner) {
            self.write(&lease.id, look.number(), content, expires, now).await?;
        }
        Ok(())
    }

    /// Logs a failure of the store, once until the store answers again.
    pub(super) fn log_failure(&self, error: &StoreError) {
        if !self.failure_is_logged.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                code = error.code(),
                "the store of the deny list is unavailable; meanwhile, each instance refreshes sessions without a lease"
            );
        }
    }

    /// Writes the entry, and returns its new number. `None` if its number is not the expected one.
    async fn write(
        &self,
        id: &SessionId,
        expected: Option<u64>,
        content: Content<'_>,
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<Option<u64>, StoreError> {
        let number = next_number(expected, now);
        // Its `sub` is its own id, so that it belongs to no user.
        let entry = StoredSession {
            version: number,
            sealed: content.to_text(),
            sub: id.to_text(),
            sid: None,
            expires,
        };
        let saved = self.store.save(id, expected, entry, now).await?;
        Ok((saved == Saved::Done).then_some(number))
    }

    fn since_epoch(&self) -> Duration {
        self.client.clock().since_epoch()
    }

    /// A random name, so that a store cannot mistake the entry of another process for a retry of
    /// this one's write.
    fn owner(&self) -> Result<String, StoreError> {
        random_text::<16>(self.client.random()).map_err(|_| StoreError::Unavailable("randomness"))
    }
}

fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
