//! Transaction cookies: one sealed cookie for each sign-in in progress, named by a hash of `state`
//! and removed by the callback.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use logto::{
    ExposeSecret as _, SecretString, SignInTransaction, Timestamp,
    seal::{OpenError, Purpose},
};
use sha2::{Digest as _, Sha256};
use tower_cookies::Cookies;

use crate::{cookie::CookieJar, cookie::budget, cookie::header::SentCookies};

/// Maximum number of sign-ins in progress in one browser. The oldest are removed first.
const MAX_TRANSACTIONS: usize = 5;

/// How long an expired transaction is kept, in seconds, so that a user who returns too late can
/// start again for the same page. A sign-in at Logto takes at most an hour, so no callback comes
/// later.
const KEPT_AFTER_EXPIRY: u64 = 3600;

impl CookieJar {
    /// Writes a transaction, and returns whether it did. The oldest ones are evicted if there are
    /// too many, but a silent sign-in evicts none.
    #[must_use]
    pub(crate) fn write_transaction(
        &self,
        sent: &SentCookies,
        cookies: &Cookies,
        transaction: &SignInTransaction,
    ) -> bool {
        let name = self.transaction_name(transaction.state());
        let Some(sealed) = self.seal(
            Purpose::Transaction,
            &name,
            &transaction.to_bytes(),
            kept_until(transaction),
        ) else {
            return false;
        };
        let surplus = self.take_surplus(sent, cookies, sent_length(&name, sealed.len()));
        if transaction.is_silent() && !surplus.is_empty() {
            tracing::debug!("a silent sign-in gives way to the sign-ins of other tabs");
            return false;
        }
        for name in surplus {
            self.clear(cookies, name);
        }
        cookies.add(self.cookie(name, sealed, kept_until(transaction)));
        true
    }

    /// Whether the browser has a sign-in in progress, of any `state`.
    pub(crate) fn has_transaction(&self, sent: &SentCookies) -> bool {
        !sent.names_with(&self.names.transaction_prefix).is_empty()
    }

    /// Takes the transaction of `state`, and removes its cookie. The cookie is kept if it is sealed
    /// with an unknown key, which another process may have. The deny list detects a second use of a
    /// copy.
    pub(crate) fn take_transaction(
        &self,
        sent: &SentCookies,
        cookies: &Cookies,
        state: &SecretString,
    ) -> Option<SignInTransaction> {
        let name = self.transaction_name(state);
        match self.sent_transaction(&name, &sent.values(&name)) {
            SentTransaction::Opened(transaction, _) => {
                self.clear(cookies, name);
                Some(*transaction)
            }
            SentTransaction::Invalid => {
                self.clear(cookies, name);
                None
            }
            SentTransaction::UnknownKey(_) | SentTransaction::Absent => None,
        }
    }

    /// Opens the transaction of this name. Of several cookies, the first that opens is used.
    fn sent_transaction(&self, name: &str, values: &[&[u8]]) -> SentTransaction {
        let mut found = SentTransaction::Absent;
        for sealed in values {
            match self.open_transaction(name, sealed) {
                Ok(transaction) => return SentTransaction::Opened(Box::new(transaction), sealed.len()),
                Err(OpenError::UnknownKey) => found = SentTransaction::UnknownKey(sealed.len()),
                Err(_) if matches!(found, SentTransaction::Absent) => found = SentTransaction::Invalid,
                Err(_) => {}
            }
        }
        found
    }

    fn open_transaction(&self, name: &str, sealed: impl AsRef<[u8]>) -> Result<SignInTransaction, OpenError> {
        let context = self.context(Purpose::Transaction, name);
        let opened = self.sealer.open(context, sealed, self.client.now())?;
        SignInTransaction::from_bytes(opened.payload()).ok_or(OpenError::Malformed)
    }

    /// Returns the oldest transactions that leave no room for one of this length. Removes those
    /// that no process can open.
    fn take_surplus(&self, sent: &SentCookies, cookies: &Cookies, length: usize) -> Vec<String> {
        let mut pending = Vec::new();
        for name in sent.names_with(&self.names.transaction_prefix) {
            let (ends, length) = match self.sent_transaction(name, &sent.values(name)) {
                SentTransaction::Opened(transaction, length) => (transaction.expires(), length),
                // Its expiry is unknown, so it is removed first.
                SentTransaction::UnknownKey(length) => (Timestamp::from_secs(0), length),
                SentTransaction::Invalid => {
                    self.clear(cookies, name.to_owned());
                    continue;
                }
                SentTransaction::Absent => continue,
            };
            pending.push((ends, name.to_owned(), sent_length(name, length)));
        }
        surplus(pending, length).collect()
    }

    /// A hash of the state, because names of cookies show in more places than their values.
    fn transaction_name(&self, state: &SecretString) -> String {
        let hash = Sha256::digest(state.expose_secret().as_bytes());
        format!(
            "{}{}",
            self.names.transaction_prefix,
            BASE64_URL_SAFE_NO_PAD.encode(&hash[..9])
        )
    }
}

/// The cookies of one name.
enum SentTransaction {
    /// A cookie that opened, and its length.
    Opened(Box<SignInTransaction>, usize),
    /// The length of a cookie that is sealed with an unknown key: another process may be able to
    /// open it.
    UnknownKey(usize),
    /// There are cookies of this name, but no process can open them.
    Invalid,
    /// There is no cookie of this name.
    Absent,
}

/// The length of a cookie in a request: `name=value; `.
const fn sent_length(name: &str, value: usize) -> usize {
    name.len() + value + 3
}

fn kept_until(transaction: &SignInTransaction) -> Timestamp {
    transaction.expires().plus(KEPT_AFTER_EXPIRY)
}

/// Names of the transactions to remove, so that there is room for one of `length`: those that
/// expire first. Each transaction has its expiry, name and length.
fn surplus(mut pending: Vec<(Timestamp, String, usize)>, length: usize) -> impl Iterator<Item = String> {
    pending.sort();
    let (mut count, mut bytes) = (1, length);
    pending.into_iter().rev().filter_map(move |(_, name, length)| {
        count += 1;
        bytes += length;
        (count > MAX_TRANSACTIONS || bytes > budget::TRANSACTIONS).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removed(lengths: &[usize], length: usize) -> Vec<String> {
        let pending = (1..).zip(lengths);
        let pending = pending.map(|(end, length)| (Timestamp::from_secs(end), format!("tx{end}"), *length));
        surplus(pending.collect(), length).collect()
    }

    #[test]
    fn at_most_five_sign_ins_are_in_progress() {
        assert!(removed(&[10; 4], 10).is_empty());
        assert_eq!(removed(&[10; 6], 10), ["tx2", "tx1"]);
    }

    #[test]
    fn a_sent_cookie_is_as_long_as_its_part_of_the_header() {
        assert_eq!(sent_length("name", 5), "name=12345; ".len());
    }

    #[test]
    fn transactions_may_use_their_budget_to_the_byte() {
        assert!(removed(&[1000, 1000], budget::TRANSACTIONS - 2000).is_empty());
        assert_eq!(removed(&[1000, 1000], budget::TRANSACTIONS - 1999), ["tx1"]);
    }
}
