//! Lifetimes of codes, tokens and grants.

/// Lifetimes in seconds; the defaults are those of Logto.
///
/// ```
/// use logto_testing::{Lifetimes, TestProvider};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let lifetimes = Lifetimes::default().with_access_token(60).with_refresh_token(3600);
/// let provider = TestProvider::builder().lifetimes(lifetimes).start().await;
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    pub(crate) id_token: u64,
    pub(crate) access_token: u64,
    pub(crate) refresh_token: u64,
    pub(crate) grant: u64,
    pub(crate) authorization_code: u64,
    pub(crate) logout_token: u64,
}

impl Lifetimes {
    /// Sets the lifetime of ID tokens. Default: 1 hour.
    #[must_use]
    pub fn with_id_token(mut self, seconds: u64) -> Self {
        self.id_token = seconds;
        self
    }

    /// Sets the lifetime of access tokens, JWT or opaque. Default: 1 hour.
    #[must_use]
    pub fn with_access_token(mut self, seconds: u64) -> Self {
        self.access_token = seconds;
        self
    }

    /// Sets the lifetime of refresh tokens. Default: 14 days.
    #[must_use]
    pub fn with_refresh_token(mut self, seconds: u64) -> Self {
        self.refresh_token = seconds;
        self
    }

    /// Sets the lifetime of grants; every token issued from a grant ends with it. Default: 180
    /// days.
    #[must_use]
    pub fn with_grant(mut self, seconds: u64) -> Self {
        self.grant = seconds;
        self
    }

    /// Sets the lifetime of authorization codes. Default: 1 minute.
    #[must_use]
    pub fn with_authorization_code(mut self, seconds: u64) -> Self {
        self.authorization_code = seconds;
        self
    }

    /// Sets the lifetime of back-channel logout tokens. Default: 2 minutes.
    #[must_use]
    pub fn with_logout_token(mut self, seconds: u64) -> Self {
        self.logout_token = seconds;
        self
    }
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            id_token: 3600,
            access_token: 3600,
            refresh_token: 14 * 86_400,
            grant: 180 * 86_400,
            authorization_code: 60,
            logout_token: 120,
        }
    }
}
