//! Results of refreshes, for the other processes of an app whose sessions are in cookies.

use std::sync::Arc;

use crate::{
    client::LogtoClient,
    clock::Timestamp,
    seal::{Purpose, SealContext, Sealer},
    session::{DenyList, Session, SessionId, store::StoreError},
};

/// How long a result is kept at most, in seconds.
pub(in crate::session) const LONGEST_KEPT: u64 = 3600;

/// Seals refreshed sessions with the cookie secrets, and opens them. Another process gets the
/// result of a refresh from the lease, because the browser may not have its cookie.
pub(super) struct Results {
    pub(super) client: LogtoClient,
    pub(super) sealer: Arc<Sealer>,
    pub(super) deny_list: DenyList,
}

impl Results {
    /// Seals a session for the longest time that a result is kept. `None` if it cannot be sealed:
    /// other processes then refresh the session themselves.
    pub(super) fn seal(&self, session: &Session, now: Timestamp) -> Option<String> {
        let name = session.id().to_text();
        let (bytes, expires) = (session.to_bytes().ok()?, now.plus(LONGEST_KEPT));
        let sealed = self
            .sealer
            .seal(self.context(&name), &bytes, now, expires, self.client.random());
        sealed.ok()
    }

    /// Opens the result for a session. `None` if it is absent, expired, or sealed with a secret that
    /// this process does not have.
    pub(super) fn open(&self, id: &SessionId, sealed: &str, now: Timestamp) -> Option<Arc<Session>> {
        if sealed.is_empty() {
            return None;
        }
        let name = id.to_text();
        let unsealed = self.sealer.open(self.context(&name), sealed, now).ok()?;
        let session = Session::from_unsealed(&unsealed).ok()?;
        (session.id() == *id).then(|| Arc::new(session))
    }

    /// The session, unless it has ended.
    pub(super) async fn check(&self, session: Arc<Session>) -> Result<Option<Arc<Session>>, StoreError> {
        self.deny_list.check(session).await
    }

    fn context<'a>(&'a self, name: &'a str) -> SealContext<'a> {
        SealContext {
            purpose: Purpose::RefreshResult,
            name,
            app_id: self.client.config().seal_id(),
        }
    }
}
