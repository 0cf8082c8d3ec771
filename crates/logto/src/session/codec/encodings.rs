//! Serialized forms of a session for a place with little space, such as cookies.

use std::borrow::Cow;

use crate::session::Session;

/// The serialized forms of a session, the largest first, see [`Session::encodings`].
#[derive(Clone, Debug)]
pub struct Encodings<'a> {
    next: Option<Cow<'a, Session>>,
}

impl Session {
    /// The serialized forms of the session, the largest first.
    ///
    /// Each form lacks one more access token, the least recently used one. The last form has none,
    /// and no names of organizations either. There is no form if [`Session::to_bytes`] fails.
    #[must_use]
    pub fn encodings(&self) -> Encodings<'_> {
        Encodings {
            next: Some(Cow::Borrowed(self)),
        }
    }

    /// Like [`Session::encodings`], with the ID token of an earlier version of this session, for a
    /// new ID token that is too large. The refresh token stays, because it may have rotated.
    ///
    /// The first earlier version among `sessions` is used. There is no form without one.
    pub fn encodings_with_earlier_id_token<'a>(
        &self,
        sessions: impl IntoIterator<Item = &'a Self>,
    ) -> Encodings<'static> {
        let mut sessions = sessions.into_iter();
        let smaller = sessions.find_map(|earlier| self.with_earlier_id_token(earlier));
        Encodings {
            next: smaller.map(Cow::Owned),
        }
    }
}

impl Iterator for Encodings<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let session = self.next.take()?;
        let bytes = session.to_bytes().ok()?;
        let smaller = session.without_oldest_token();
        self.next = smaller.or_else(|| session.without_organization_names()).map(Cow::Owned);
        Some(bytes)
    }
}
