//! The operations of a store, one statement each.

use logto::session::store::{Saved, SessionStore};

use crate::suite::{NOW, id, session};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Load,
    LoadAll,
    SaveNew,
    SaveChange,
    Delete,
    DeleteBySid,
    DeleteBySub,
    DeleteBySubWithoutSid,
    DeleteExpired,
}

impl Operation {
    pub(super) const ALL: [Self; 9] = [
        Self::Load,
        Self::LoadAll,
        Self::SaveNew,
        Self::SaveChange,
        Self::Delete,
        Self::DeleteBySid,
        Self::DeleteBySub,
        Self::DeleteBySubWithoutSid,
        Self::DeleteExpired,
    ];

    /// Runs it, on ids, users and sessions that the store does not have if it names one.
    pub(super) async fn run(self, store: &dyn SessionStore) {
        let (id, session) = (id(), session(2));
        let is_ok = match self {
            Self::Load => store.load(&id, NOW).await == Ok(None),
            Self::LoadAll => store.load_all(&[id, id], NOW).await == Ok(vec![None, None]),
            Self::SaveNew => store.save(&id, None, session, NOW).await == Ok(Saved::Done),
            Self::SaveChange => store.save(&id, Some(1), session, NOW).await == Ok(Saved::Conflict),
            Self::Delete => store.delete(&id).await == Ok(()),
            Self::DeleteBySid => store.delete_by_sid(&session.sub).await == Ok(0),
            Self::DeleteBySub => store.delete_by_sub(&session.sub).await == Ok(0),
            Self::DeleteBySubWithoutSid => store.delete_by_sub_without_sid(&session.sub).await == Ok(0),
            Self::DeleteExpired => store.delete_expired(NOW, 1_000).await.is_ok(),
        };
        assert!(is_ok, "{self:?}");
    }
}
