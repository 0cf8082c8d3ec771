//! Every refresh token that the provider has issued, and its use.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::instance::Process;

/// A refresh token.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    /// The grant: all tokens of one sign-in.
    pub(crate) grant: u64,
    pub(crate) visitor: u32,
    /// The process whose request it answered.
    pub(crate) holder: Process,
    pub(crate) at: Duration,
    /// When the answer left the provider. `None` if the holder had closed the connection by then.
    pub(crate) answered: Option<Duration>,
    /// Whether a process has ever presented it.
    pub(crate) is_presented: bool,
    /// The tokens that replaced it. More than one if it was used again within the grace.
    pub(crate) successors: Vec<String>,
}

/// The end of a grant.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// The app has revoked it, as at a sign-out.
    Revoked,
    /// A token was used after its grace.
    Reused { token: String, at: Duration, by: Process },
}

/// The meaning of a refused refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// This use of a rotated token has ended the grant.
    ReuseBeyondGrace,
    /// The grant had ended before.
    AfterEnd,
    /// None of the reasons that the ledger knows.
    Unknown,
}

#[derive(Default)]
pub(crate) struct Ledger(Mutex<Book>);

/// The content of a [`Ledger`].
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) tokens: HashMap<String, Issued>,
    pub(crate) ends: HashMap<u64, End>,
    grants: u64,
}

impl Ledger {
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    /// Adds the first token of a grant.
    pub(crate) fn sign_in(&mut self, token: &str, visitor: u32, holder: Process, at: Duration) {
        self.grants += 1;
        let issued = Issued {
            grant: self.grants,
            visitor,
            holder,
            at,
            answered: None,
            is_presented: false,
            successors: Vec::new(),
        };
        self.tokens.insert(token.to_owned(), issued);
    }

    pub(crate) fn present(&mut self, token: &str) {
        if let Some(issued) = self.tokens.get_mut(token) {
            issued.is_presented = true;
        }
    }

    /// Adds the token that replaces `old`. Returns whether `old` had been replaced before.
    pub(crate) fn rotate(&mut self, old: &str, new: &str, holder: Process, at: Duration) -> bool {
        let Some(issued) = self.tokens.get_mut(old) else {
            return false;
        };
        let is_reuse = !issued.successors.is_empty();
        issued.successors.push(new.to_owned());
        let successor = Issued {
            holder,
            at,
            answered: None,
            is_presented: false,
            successors: Vec::new(),
            ..issued.clone()
        };
        self.tokens.insert(new.to_owned(), successor);
        is_reuse
    }

    pub(crate) fn answer(&mut self, new: &str, at: Duration) {
        if let Some(issued) = self.tokens.get_mut(new) {
            issued.answered = Some(at);
        }
    }

    pub(crate) fn revoke(&mut self, token: &str) {
        if let Some(issued) = self.tokens.get(token) {
            self.ends.entry(issued.grant).or_insert(End::Revoked);
        }
    }

    pub(crate) fn refuse(&mut self, token: &str, by: Process, at: Duration) -> Refusal {
        let Some(issued) = self.tokens.get(token) else {
            return Refusal::Unknown;
        };
        if self.ends.contains_key(&issued.grant) {
            return Refusal::AfterEnd;
        }
        if issued.successors.is_empty() {
            return Refusal::Unknown;
        }
        let token = token.to_owned();
        self.ends.insert(issued.grant, End::Reused { token, at, by });
        Refusal::ReuseBeyondGrace
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Duration = Duration::from_secs(1);

    fn process(instance: usize) -> Process {
        Process {
            instance,
            generation: 1,
        }
    }

    #[test]
    fn the_second_use_of_a_token_is_a_reuse() {
        let mut book = Book::default();
        book.sign_in("a", 7, process(0), AT);
        assert!(!book.rotate("a", "b", process(0), AT));
        assert!(book.rotate("a", "c", process(1), AT));
        assert_eq!((book.tokens["c"].visitor, book.tokens["c"].grant), (7, 1));
        assert_eq!(book.tokens["a"].successors, ["b", "c"]);
    }

    #[test]
    fn a_refusal_is_a_reuse_only_if_the_token_was_rotated_and_the_grant_lived() {
        let mut book = Book::default();
        book.sign_in("a", 7, process(0), AT);
        assert_eq!(book.refuse("a", process(0), AT), Refusal::Unknown);
        book.rotate("a", "b", process(0), AT);
        assert_eq!(book.refuse("a", process(1), AT), Refusal::ReuseBeyondGrace);
        assert_eq!(book.refuse("a", process(1), AT), Refusal::AfterEnd);
        assert_eq!(book.refuse("x", process(1), AT), Refusal::Unknown);
        book.sign_in("d", 8, process(0), AT);
        book.rotate("d", "e", process(0), AT);
        book.revoke("e");
        assert_eq!(book.refuse("d", process(1), AT), Refusal::AfterEnd);
    }
}
