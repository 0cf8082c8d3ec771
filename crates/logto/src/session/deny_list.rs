//! Sessions that have ended although a cookie or a row still has them; and what was used and must
//! not be again.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    Lifetimes, LogoutMark, Session, SessionId, SessionStore, catch_up,
    notes::{About, note, note_ids_of, number_at},
    owed::Owed,
    store::{Saved, StoreError, StoredSession},
};
use crate::{
    client::LogtoClient,
    clock::Timestamp,
    logout_token::{LogoutTarget, VerifiedLogoutToken},
    secret::ExposeSecret as _,
    sign_in::SignInTransaction,
};

/// Remembers which sessions have ended, until they would have ended by themselves, and which logout
/// tokens and sign-ins were used.
///
/// What it remembers are short notes in a [`SessionStore`], each under a hash of what it is about:
/// one in memory serves one process, one that all processes reach serves them all. A note has no
/// session in it, and opens as none.
///
/// Logouts are numbered, and a session knows the number of the last one before it
/// ([`DenyList::mark`]): whether a logout came before or after a session of its user began does not
/// depend on the clocks of the servers that took them.
#[derive(Clone)]
pub struct DenyList {
    client: LogtoClient,
    store: Arc<dyn SessionStore>,
    lifetimes: Lifetimes,
    /// What the store could not take.
    owed: Arc<Owed>,
    /// The highest number of a note that was ever owed.
    highest_owed: Arc<AtomicU64>,
}

impl fmt::Debug for DenyList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DenyList")
            .field("store", &self.store)
            .field("lifetimes", &self.lifetimes)
            .finish_non_exhaustive()
    }
}

/// How often a note is tried when others write the same one. Each time one of them succeeds.
const MOST_TRIES: u32 = 100;

const NAME: &str = "deny list";

impl DenyList {
    /// A list for sessions of this client, kept in this store.
    #[must_use]
    pub fn new(client: LogtoClient, store: Arc<dyn SessionStore>, lifetimes: Lifetimes) -> Self {
        Self {
            client,
            store,
            lifetimes,
            owed: Arc::default(),
            highest_owed: Arc::default(),
        }
    }

    /// Whether the session has ended.
    ///
    /// # Errors
    ///
    /// When the store does not know: then nobody does, and the session must not be taken for a live
    /// one.
    pub async fn denies(&self, session: &Session) -> Result<bool, StoreError> {
        let owed = self.owed(session.note_ids());
        if self.is_ended_by(session, owed) {
            return Ok(true);
        }
        let notes = self.store.load_all(session.note_ids(), self.client.now()).await?;
        self.judge(session, owed, &notes)
    }

    /// What this process owes the store of these notes: to be asked before the store, which may get
    /// it meanwhile.
    pub(super) fn owed(&self, notes: &[SessionId; 3]) -> [Option<u64>; 3] {
        self.owed.find(notes)
    }

    /// Whether the session has ended by what is owed, or by the store's notes, one for each of
    /// [`Session::note_ids`].
    pub(super) fn judge(
        &self,
        session: &Session,
        owed: [Option<u64>; 3],
        notes: &[Option<StoredSession>],
    ) -> Result<bool, StoreError> {
        let [id, at_provider, sub] = notes else {
            return Err(StoreError::Unexpected(NAME));
        };
        let number = |note: &Option<StoredSession>| note.as_ref().map(|note| note.version);
        Ok(self.is_ended_by(session, owed) || self.is_ended_by(session, [id, at_provider, sub].map(number)))
    }

    fn is_ended_by(&self, session: &Session, [id, at_provider, sub]: [Option<u64>; 3]) -> bool {
        // For a session that knows no logouts the clocks decide, which may differ.
        let earliest = number_at(session.started().minus(self.client.config().clock_tolerance()));
        let came_later = |logout: u64| logout > session.logouts.0 && logout >= earliest;
        let has_sid = || session.id_token().claims().sid.is_some();
        let ended_at_provider = at_provider.is_some_and(|logout| has_sid() || came_later(logout));
        id.is_some() || ended_at_provider || sub.is_some_and(came_later)
    }

    /// The last logout on record. A session that begins takes it along ([`Session::begun_after`]);
    /// to be asked before the sign-in sends its code, so that a logout that comes meanwhile ends
    /// the session.
    ///
    /// # Errors
    ///
    /// When the store does not know.
    pub async fn mark(&self) -> Result<LogoutMark, StoreError> {
        let last = self.number_of(&About::LastLogout.id()).await?.unwrap_or_default();
        // Or what is owed would seem to come later. The notes themselves are not waited for: there
        // may be more than can be written while a code lives.
        let owed = self.highest_owed.load(Ordering::Acquire);
        let last = if last < owed {
            self.next_logout(owed).await?
        } else {
            last
        };
        Ok(LogoutMark(last))
    }

    /// Ends one session of this app.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached.
    pub async fn deny_session(&self, id: SessionId) -> Result<(), StoreError> {
        self.note(&About::Id(id).id(), number_at(self.client.now())).await
    }

    /// Ends the sessions that a logout token names. Those that begin from now on are others.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached.
    pub async fn deny(&self, target: &LogoutTarget) -> Result<(), StoreError> {
        // The number first: a session that begins in between counts as ended, rather than one that
        // began before as a new one.
        let logout = self.number_logout().await?;
        self.deny_before(target, logout).await
    }

    /// Puts a logout on record before it is known whose sessions end, so that
    /// [`DenyList::deny_before`] spares the sessions that begin from now on.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached.
    pub async fn number_logout(&self) -> Result<LogoutMark, StoreError> {
        let number = self.next_logout(number_at(self.client.now())).await?;
        Ok(LogoutMark(number))
    }

    /// Ends the sessions that a logout token names, if they began before `logout`.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached.
    pub async fn deny_before(&self, target: &LogoutTarget, logout: LogoutMark) -> Result<(), StoreError> {
        for id in note_ids_of(target) {
            self.note(&id, logout.0).await?;
        }
        Ok(())
    }

    /// Does what [`DenyList::deny`] does when the store does not answer: the sessions count as
    /// ended in this process at once, and in others as soon as the store is back, when this process
    /// writes it down. `false` when too many logouts are waiting for that.
    #[must_use = "a logout for which there is no room is lost"]
    pub fn deny_later(&self, target: &LogoutTarget) -> bool {
        self.owe(&note_ids_of(target))
    }

    /// Does what [`DenyList::deny_session`] does when the store does not answer, as
    /// [`DenyList::deny_later`] does.
    #[must_use = "a sign-out for which there is no room is lost"]
    pub fn deny_session_later(&self, id: SessionId) -> bool {
        self.owe(&[About::Id(id).id()])
    }

    fn owe(&self, notes: &[SessionId]) -> bool {
        // Above the number of any logout so far, which another instance may have given by a clock
        // that is ahead.
        let now = self.client.now().plus(self.client.config().clock_tolerance() + 1);
        let number = number_at(now);
        let has_room = self.owed.add(notes, number);
        if has_room {
            self.highest_owed.fetch_max(number, Ordering::AcqRel);
        }
        if has_room && let Some(writer) = self.owed.begin_writing() {
            let list = self.clone();
            catch_up::until_done(self.client.clock(), move || {
                let (list, writer) = (list.clone(), Arc::clone(&writer));
                async move {
                    let paid = list.pay().await;
                    drop(writer);
                    paid
                }
            });
        }
        has_room
    }

    /// Writes what this process owes the store.
    async fn pay(&self) -> Result<(), StoreError> {
        // No session from before lives any longer.
        let over = self.client.now().minus(self.longest_life());
        self.owed.forget_below(number_at(over));
        while let Some((id, number)) = self.owed.next() {
            if self.number_of(&About::LastLogout.id()).await? < Some(number) {
                self.next_logout(number).await?;
            }
            self.note(&id, number).await?;
            self.owed.written(&id, number);
        }
        Ok(())
    }

    /// Whether the token was used before.
    ///
    /// # Errors
    ///
    /// When the store does not know.
    pub async fn has_seen(&self, token: &VerifiedLogoutToken) -> Result<bool, StoreError> {
        Ok(self.number_of(&About::Jti(token.jti()).id()).await?.is_some())
    }

    /// Remembers the token until it is refused for its age. `false` if it was used before, by
    /// another request just now perhaps.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached.
    pub async fn use_up(&self, token: &VerifiedLogoutToken) -> Result<bool, StoreError> {
        let until = token.expires().plus(self.client.config().clock_tolerance());
        self.first(About::Jti(token.jti()), until).await
    }

    /// Remembers that the callback of a sign-in came, for as long as the transaction lives. `false`
    /// if it came before.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached.
    pub async fn use_up_transaction(&self, transaction: &SignInTransaction) -> Result<bool, StoreError> {
        let about = About::State(transaction.state().expose_secret());
        // By the slowest clock of the instances that may be asked next.
        let until = transaction.expires().plus(self.client.config().clock_tolerance());
        self.first(about, until).await
    }

    /// Makes a note that is made once. `false` if there is one.
    async fn first(&self, about: About<'_>, until: Timestamp) -> Result<bool, StoreError> {
        let now = self.client.now();
        let id = about.id();
        let note = self.unlike_others(note(&id, now.as_secs(), until))?;
        Ok(self.store.save(&id, None, note, now).await? == Saved::Done)
    }

    /// The next number for a logout, `at_least` this one. No number is given twice.
    async fn next_logout(&self, at_least: u64) -> Result<u64, StoreError> {
        let now = self.client.now();
        let id = About::LastLogout.id();
        for _ in 0..MOST_TRIES {
            let last = self.number_of(&id).await?;
            let number = last.map_or(at_least, |last| at_least.max(last.saturating_add(1)));
            let note = self.unlike_others(note(&id, number, now.plus(self.longest_life())))?;
            if self.store.save(&id, last, note, now).await? == Saved::Done {
                return Ok(number);
            }
        }
        Err(StoreError::Unavailable(NAME))
    }

    /// Makes a note with this number, unless there is one with a higher number.
    async fn note(&self, id: &SessionId, number: u64) -> Result<(), StoreError> {
        let now = self.client.now();
        for _ in 0..MOST_TRIES {
            let known = self.number_of(id).await?;
            if known.is_some_and(|known| known >= number) {
                return Ok(());
            }
            let note = note(id, number, now.plus(self.longest_life()));
            // After a conflict another process has just made the same note: it may have a lower
            // number.
            if self.store.save(id, known, note, now).await? == Saved::Done {
                return Ok(());
            }
        }
        Err(StoreError::Unavailable(NAME))
    }

    /// The number of a note, if there is one.
    async fn number_of(&self, id: &SessionId) -> Result<Option<u64>, StoreError> {
        let note = self.store.load(id, self.client.now()).await?;
        Ok(note.map(|note| note.version))
    }

    /// A note that is not the same as another process's, which a store may take for a retry of one
    /// that it has made.
    fn unlike_others(&self, note: StoredSession) -> Result<StoredSession, StoreError> {
        let own = SessionId::random(self.client.random()).map_err(|_| StoreError::Unavailable("randomness"))?;
        Ok(StoredSession {
            sealed: own.to_text(),
            ..note
        })
    }

    /// In seconds: no session that has begun by now, by a clock that is ahead perhaps, lives
    /// longer.
    fn longest_life(&self) -> u64 {
        let tolerance = self.client.config().clock_tolerance();
        self.lifetimes.absolute().saturating_add(2 * tolerance + 1)
    }
}
