//! The context that a sealed value is bound to.

/// The purpose of a sealed value. Each purpose has its own keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// A session in a cookie.
    Session,
    /// The id of a stored session, in a cookie.
    SessionId,
    /// A session in a store.
    StoredSession,
    /// A refreshed session, in the lease that other processes read.
    RefreshResult,
    /// A sign-in in progress, in a cookie.
    Transaction,
    /// The text of a sign-in that the app refused, in an address.
    Refusal,
}

impl Purpose {
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Session => "logto session v1",
            Self::SessionId => "logto session id v1",
            Self::StoredSession => "logto stored session v1",
            Self::RefreshResult => "logto refresh result v1",
            Self::Transaction => "logto transaction v1",
            Self::Refusal => "logto refusal v1",
        }
    }
}

/// The context that a sealed value is bound to. The struct is exhaustive on purpose: with a new
/// field, code that does not bind a value to it must not compile.
#[derive(Clone, Copy, Debug)]
pub struct SealContext<'a> {
    /// The purpose.
    pub purpose: Purpose,
    /// The name of the cookie.
    pub name: &'a str,
    /// The application, such as [`CheckedConfig::seal_id`](crate::CheckedConfig::seal_id).
    pub app_id: &'a str,
}

impl SealContext<'_> {
    pub(super) fn associated_data(&self, head: &[u8]) -> Vec<u8> {
        // Each part is preceded by its length, so that two contexts never give the same bytes.
        let mut data = head.to_vec();
        for part in [self.purpose.label(), self.name, self.app_id] {
            data.extend_from_slice(&(part.len() as u64).to_be_bytes());
            data.extend_from_slice(part.as_bytes());
        }
        data
    }
}
