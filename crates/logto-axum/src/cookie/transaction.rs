//! Sign-ins under way: one sealed cookie each, named by a hash of `state`, gone with the callback.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use logto::{
    ExposeSecret as _, SecretString, SignInTransaction, Timestamp,
    seal::{OpenError, Purpose},
};
use sha2::{Digest as _, Sha256};
use tower_cookies::Cookies;

use crate::{cookie::CookieJar, cookie::budget, cookie::header::SentCookies};

/// Sign-ins that may be under way at the same time in one browser; the oldest goes first.
const MOST_TRANSACTIONS: usize = 5;

/// How long after its end a transaction is kept, in seconds, so that a user who comes back too late
/// can sign in again for the page that was wanted. An hour, which is as long as Logto gives a user:
/// no callback comes later.
const KEPT_AFTER: u64 = 3600;

impl CookieJar {
    /// Keeps a sign-in under way; the oldest ones leave when there are too many.
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
        self.make_room(sent, cookies, sent_length(&name, sealed.len()));
        cookies.add(self.cookie(name, sealed, kept_until(transaction)));
        true
    }

    /// Takes the transaction that `state` belongs to; its cookie is gone after that, whatever comes
    /// of it. Whether it was used before, from a copy of the cookie, the deny list knows. A cookie
    /// that another process may be able to open stays.
    pub(crate) fn take_transaction(
        &self,
        sent: &SentCookies,
        cookies: &Cookies,
        state: &SecretString,
    ) -> Option<SignInTransaction> {
        let name = self.transaction_name(state);
        match self.sent_transaction(&name, &sent.values(&name)) {
            Sent::Ours(transaction, _) => {
                self.clear(cookies, name);
                Some(*transaction)
            }
            Sent::Useless => {
                self.clear(cookies, name);
                None
            }
            Sent::ForOthers(_) | Sent::Nothing => None,
        }
    }

    /// Of several cookies of one name the one that opens counts.
    fn sent_transaction(&self, name: &str, values: &[&[u8]]) -> Sent {
        let mut found = Sent::Nothing;
        for sealed in values {
            match self.open_transaction(name, sealed) {
                Ok(transaction) => return Sent::Ours(Box::new(transaction), sealed.len()),
                Err(OpenError::UnknownKey) => found = Sent::ForOthers(sealed.len()),
                Err(_) if matches!(found, Sent::Nothing) => found = Sent::Useless,
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

    /// Lets the oldest ones go until there is room for one of this length.
    fn make_room(&self, sent: &SentCookies, cookies: &Cookies, length: usize) {
        let mut under_way = Vec::new();
        for name in sent.names_with(&self.names.transaction_prefix) {
            let (ends, length) = match self.sent_transaction(name, &sent.values(name)) {
                Sent::Ours(transaction, length) => (transaction.expires(), length),
                // When it ends is not known: it is the first to go.
                Sent::ForOthers(length) => (Timestamp::from_secs(0), length),
                Sent::Useless => {
                    self.clear(cookies, name.to_owned());
                    continue;
                }
                Sent::Nothing => continue,
            };
            under_way.push((ends, name.to_owned(), sent_length(name, length)));
        }
        for name in too_many(under_way, length) {
            self.clear(cookies, name);
        }
    }

    /// By a hash: the name shows in places the value does not, and must not give the `state` away.
    fn transaction_name(&self, state: &SecretString) -> String {
        let hash = Sha256::digest(state.expose_secret().as_bytes());
        format!(
            "{}{}",
            self.names.transaction_prefix,
            BASE64_URL_SAFE_NO_PAD.encode(&hash[..9])
        )
    }
}

/// What the cookies of one name are, and the length of the value that counts.
enum Sent {
    /// A sign-in under way.
    Ours(Box<SignInTransaction>, usize),
    /// Another process may be able to open one of them.
    ForOthers(usize),
    /// None of them opens, anywhere.
    Useless,
    /// There is no such cookie.
    Nothing,
}

/// What a cookie takes in a request: `name=value; `.
const fn sent_length(name: &str, value: usize) -> usize {
    name.len() + value + 3
}

fn kept_until(transaction: &SignInTransaction) -> Timestamp {
    transaction.expires().plus(KEPT_AFTER)
}

/// Which sign-ins under way have to go, that there is room for one of `length`: names of those that
/// end first. Each comes with the time of its end and its length.
fn too_many(mut under_way: Vec<(Timestamp, String, usize)>, length: usize) -> impl Iterator<Item = String> {
    under_way.sort();
    let (mut count, mut bytes) = (1, length);
    under_way.into_iter().rev().filter_map(move |(_, name, length)| {
        count += 1;
        bytes += length;
        (count > MOST_TRANSACTIONS || bytes > budget::TRANSACTIONS).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gone(lengths: &[usize], length: usize) -> Vec<String> {
        let under_way = (1..).zip(lengths);
        let under_way = under_way.map(|(end, length)| (Timestamp::from_secs(end), format!("tx{end}"), *length));
        too_many(under_way.collect(), length).collect()
    }

    #[test]
    fn five_sign_ins_stay_under_way_however_small_they_are() {
        assert!(gone(&[10; 4], 10).is_empty());
        assert_eq!(gone(&[10; 6], 10), ["tx2", "tx1"]);
    }

    #[test]
    fn sign_ins_under_way_may_use_their_budget_to_the_byte() {
        assert!(gone(&[1000, 1000], budget::TRANSACTIONS - 2000).is_empty());
        assert_eq!(gone(&[1000, 1000], budget::TRANSACTIONS - 1999), ["tx1"]);
    }
}
