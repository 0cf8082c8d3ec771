//! A cache of unsealed sessions. A browser sends the same cookie with every request, and
//! decrypting, inflating and parsing it costs more than a lookup.

use std::{fmt, sync::Arc};

use super::{Session, generational_cache::GenerationalCache};
use crate::{
    clock::Timestamp,
    seal::{OpenError, Purpose, SealContext, Sealer},
    telemetry::{self, CacheName, CacheResult},
};

/// The length of the authentication tag at the end of a sealed text, in characters. The tag is the
/// cache key: 128 bits that only the holder of the sealed text knows.
const TAG: usize = 22;

/// How long a session stays in the cache after its last use, in seconds.
const IDLE: u64 = 60;

/// Maximum number of cached sessions, about 10 MB.
const CAPACITY: usize = 1000;

/// Opens sealed sessions, and caches them for a minute after their last use.
///
/// A cache hit requires the identical sealed text, purpose and name, so that a session opens from
/// the cache only where its seal would open. Use a cache for one app and one [`Sealer`]. The cache
/// does not know whether a session has ended: the caller checks that after every call.
#[derive(Clone)]
pub struct UnsealCache {
    sessions: Arc<GenerationalCache<Box<[u8]>, Arc<CachedSession>>>,
}

impl fmt::Debug for UnsealCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnsealCache").finish_non_exhaustive()
    }
}

struct CachedSession {
    text: Box<[u8]>,
    session: Arc<Session>,
    expires: Timestamp,
    purpose: Purpose,
    name: Box<str>,
}

impl Default for UnsealCache {
    fn default() -> Self {
        Self {
            sessions: Arc::new(GenerationalCache::new(IDLE, CAPACITY)),
        }
    }
}

impl UnsealCache {
    /// Opens the session sealed in `text`.
    ///
    /// # Errors
    ///
    /// The errors of [`Sealer::open`]; [`OpenError::Malformed`] also if the payload is not a
    /// session.
    pub fn open(
        &self,
        sealer: &Sealer,
        context: SealContext<'_>,
        text: impl AsRef<[u8]>,
        now: Timestamp,
    ) -> Result<Arc<Session>, OpenError> {
        let text = text.as_ref();
        let tag = text.len().checked_sub(TAG).and_then(|start| text.get(start..));
        let tag = tag.ok_or(OpenError::Malformed)?;
        if let Some(cached) = self.sessions.get(tag, now)
            && cached.matches(text, context)
        {
            telemetry::cache_request(CacheName::Session, CacheResult::Hit);
            let is_valid = now < cached.expires;
            return is_valid.then(|| Arc::clone(&cached.session)).ok_or(OpenError::Expired);
        }
        telemetry::cache_request(CacheName::Session, CacheResult::Miss);
        let unsealed = sealer.open(context, text, now)?;
        let session = Session::from_unsealed(&unsealed).map_err(|_| OpenError::Malformed)?;
        let session = Arc::new(session);
        let cached = CachedSession {
            text: text.into(),
            session: Arc::clone(&session),
            expires: unsealed.expires(),
            purpose: context.purpose,
            name: context.name.into(),
        };
        self.sessions.insert(tag.into(), Arc::new(cached), now);
        Ok(session)
    }
}

impl CachedSession {
    fn matches(&self, text: &[u8], context: SealContext<'_>) -> bool {
        *self.text == *text && self.purpose == context.purpose && *self.name == *context.name
    }
}
