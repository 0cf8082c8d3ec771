//! Sign-ins under way: one sealed cookie each, named by a hash of `state`, gone with the callback.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use logto::{ExposeSecret as _, SecretString, SignInTransaction, Timestamp, seal::Purpose};
use sha2::{Digest as _, Sha256};
use tower_cookies::Cookies;

use crate::cookie::CookieJar;

/// Sign-ins that may be under way at the same time in one browser; the oldest goes first.
const MOST_TRANSACTIONS: usize = 5;

/// Most bytes they take together, names included: servers and proxies refuse a request whose head is larger than 8 kB, and the session
/// has 7 kB at most.
const MOST_BYTES: usize = 3 * 1024;

/// How long after its end a transaction is kept, in seconds, so that a user who comes back too late can sign in again for the page that was
/// wanted. An hour, which is as long as Logto gives a user: no callback comes later.
const KEPT_AFTER: u64 = 3600;

impl CookieJar {
    /// Keeps a sign-in under way; the oldest ones leave when there are too many.
    #[must_use]
    pub(crate) fn write_transaction(&self, cookies: &Cookies, transaction: &SignInTransaction) -> bool {
        let name = self.transaction_name(transaction.state());
        let Some(sealed) = self.seal(
            Purpose::Transaction,
            &name,
            &transaction.to_bytes(),
            kept_until(transaction),
        ) else {
            return false;
        };
        self.make_room(cookies, name.len() + sealed.len());
        cookies.add(self.cookie(name, sealed, kept_until(transaction)));
        true
    }

    /// Takes the transaction that `state` belongs to; its cookie is gone after that, whatever comes of it. Whether it was used before, from
    /// a copy of the cookie, the deny list knows.
    pub(crate) fn take_transaction(&self, cookies: &Cookies, state: &SecretString) -> Option<SignInTransaction> {
        let name = self.transaction_name(state);
        let cookie = cookies.get(&name)?;
        let transaction = self.open_transaction(&name, cookie.value());
        self.clear(cookies, name);
        transaction
    }

    fn open_transaction(&self, name: &str, sealed: &str) -> Option<SignInTransaction> {
        let opened = self
            .sealer
            .open(self.context(Purpose::Transaction, name), sealed, self.client.now())
            .ok()?;
        SignInTransaction::from_bytes(&opened.payload)
    }

    /// Lets the oldest ones go until there is room for one of this length.
    fn make_room(&self, cookies: &Cookies, length: usize) {
        let mut under_way = Vec::new();
        for cookie in cookies.list() {
            let name = cookie.name();
            if !name.starts_with(&self.transaction_prefix) {
                continue;
            }
            match self.open_transaction(name, cookie.value()) {
                Some(transaction) => {
                    under_way.push((
                        transaction.expires(),
                        name.to_owned(),
                        name.len() + cookie.value().len(),
                    ));
                }
                None => self.clear(cookies, name.to_owned()),
            }
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
            self.transaction_prefix,
            BASE64_URL_SAFE_NO_PAD.encode(&hash[..9])
        )
    }
}

fn kept_until(transaction: &SignInTransaction) -> Timestamp {
    transaction.expires().plus(KEPT_AFTER)
}

/// Which sign-ins under way have to go, that there is room for one of `length`: names of those that end first. Each comes with the time
/// of its end and its length.
fn too_many(mut under_way: Vec<(Timestamp, String, usize)>, length: usize) -> impl Iterator<Item = String> {
    under_way.sort();
    let (mut count, mut bytes) = (1, length);
    under_way.into_iter().rev().filter_map(move |(_, name, length)| {
        count += 1;
        bytes += length;
        (count > MOST_TRANSACTIONS || bytes > MOST_BYTES).then_some(name)
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
    fn sign_ins_under_way_may_take_three_kilobytes_to_the_byte() {
        assert!(gone(&[1000, 1000], 1072).is_empty());
        assert_eq!(gone(&[1000, 1000], 1073), ["tx1"]);
    }
}
