//! Sessions opened a moment ago: a browser sends the same cookie with every request, and what it
//! says is not decrypted, inflated and parsed each time.

use std::sync::Arc;

use super::{Session, lately::Lately};
use crate::{
    clock::Timestamp,
    seal::{OpenError, Purpose, SealContext, Sealer},
};

/// Signs at the end of a sealed text by which it is found: the seal itself, 128 bits that nobody
/// can guess.
const SEAL: usize = 22;

/// How long a session is kept after its last use, in seconds.
const KEPT: u64 = 60;

/// Most sessions kept at a time: some 10 MB.
const MOST_KEPT: usize = 1000;

/// Opens sealed sessions, and remembers those used lately.
///
/// What is remembered is found by its seal and compared as a whole: a sealed text that nobody has
/// but the browser it was made for, and only where it was opened before. Whether the session has
/// ended since is asked by whoever opens it, as after every opening.
#[derive(Clone)]
pub struct UnsealCache {
    opened: Arc<Lately<Box<[u8]>, Arc<Opened>>>,
}

struct Opened {
    text: Box<[u8]>,
    session: Arc<Session>,
    expires: Timestamp,
    purpose: Purpose,
    name: Box<str>,
}

impl Default for UnsealCache {
    fn default() -> Self {
        Self {
            opened: Arc::new(Lately::new(KEPT, MOST_KEPT)),
        }
    }
}

impl UnsealCache {
    /// Opens the session sealed in `text`.
    ///
    /// # Errors
    ///
    /// As [`Sealer::open`]; [`OpenError::Malformed`] also if what was sealed is no session.
    pub fn open(
        &self,
        sealer: &Sealer,
        context: SealContext<'_>,
        text: impl AsRef<[u8]>,
        now: Timestamp,
    ) -> Result<Arc<Session>, OpenError> {
        let text = text.as_ref();
        let at = text.len().checked_sub(SEAL);
        let seal = at.and_then(|at| text.get(at..)).ok_or(OpenError::Malformed)?;
        if let Some(known) = self.opened.get(seal, now)
            && *known.text == *text
            && known.purpose == context.purpose
            && *known.name == *context.name
        {
            let lives = now < known.expires;
            return lives.then(|| Arc::clone(&known.session)).ok_or(OpenError::Expired);
        }
        let opened = sealer.open(context, text, now)?;
        let session = Session::from_unsealed(&opened).map_err(|_| OpenError::Malformed)?;
        let session = Arc::new(session);
        let known = Opened {
            text: text.into(),
            session: Arc::clone(&session),
            expires: opened.expires(),
            purpose: context.purpose,
            name: context.name.into(),
        };
        self.opened.insert(seal.into(), Arc::new(known), now);
        Ok(session)
    }
}
