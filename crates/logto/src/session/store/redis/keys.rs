//! The names of keys.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// Bytes of a hash in the name of an index. A collision does no harm, because a deletion compares
/// the session with the user or `sid` itself.
const HASH_BYTES: usize = 16;

/// The names of the keys of one app.
#[derive(Clone)]
pub(super) struct Keys {
    prefix: String,
}

impl Keys {
    /// Braces in the app id would be a hash tag, which puts all keys into one slot of a cluster.
    pub(super) fn new(app_id: &str) -> Self {
        let prefix = app_id.replace('%', "%25").replace('{', "%7B").replace('}', "%7D");
        Self { prefix }
    }

    /// The session. Keys with the same `{id}` are in the same slot of a cluster.
    pub(super) fn session(&self, id: &str) -> String {
        format!("{}:session:{{{id}}}", self.prefix)
    }

    /// The index of a user's sessions. Its name contains no user id, because it stays for some days
    /// after the user is deleted.
    pub(super) fn sub(&self, sub: &str) -> String {
        format!("{}:sub:{{{}}}", self.prefix, hash(sub))
    }

    /// The index of the sessions with a `sid`.
    pub(super) fn sid(&self, sid: &str) -> String {
        format!("{}:sid:{{{}}}", self.prefix, hash(sid))
    }
}

fn hash(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..HASH_BYTES])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_the_hash_tag_of_its_id_alone() {
        for app_id in ["app", "{app}", "}{", "%7Bapp%7D"] {
            let keys = Keys::new(app_id);
            for key in [keys.session("id"), keys.sub("id"), keys.sid("id")] {
                let (_, tag) = key.split_once('{').unwrap();
                assert!(!tag.trim_end_matches('}').contains(['{', '}']), "{key}");
                assert!(key.ends_with('}'), "{key}");
            }
        }
        assert_eq!(Keys::new("app").session("id"), "app:session:{id}");
        assert_ne!(Keys::new("{app}").session("id"), Keys::new("%7Bapp%7D").session("id"));
    }

    #[test]
    fn an_index_does_not_name_the_user() {
        let keys = Keys::new("app");
        assert_eq!(keys.sub("ada"), keys.sub("ada"));
        assert_ne!(keys.sub("ada"), keys.sub("eve"));
        assert_ne!(keys.sub("ada"), keys.sid("ada"));
        assert!(!keys.sub("ada").contains("ada"));
    }
}
