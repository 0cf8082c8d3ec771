//! Data of an account that its user adds through the Account API.

use std::collections::BTreeMap;

use crate::random;

/// The data of one user, beside the [`User`](crate::User).
#[derive(Debug, Default)]
pub(crate) struct AccountData {
    /// The authenticator app that the user has added. The user may have one from the start.
    pub(crate) totp: Option<Factor>,
    pub(crate) backup_codes: Option<BackupCodes>,
    pub(crate) configs: LogtoConfigs,
    /// Tokens of connectors, by the target such as `github`.
    pub(crate) connector_tokens: BTreeMap<String, ConnectorToken>,
}

#[derive(Debug)]
pub(crate) struct Factor {
    pub(crate) id: String,
    pub(crate) created_at: u64,
}

impl Factor {
    pub(crate) fn new(now: u64) -> Self {
        Self {
            id: random::id(),
            created_at: now,
        }
    }
}

#[derive(Debug)]
pub(crate) struct BackupCodes {
    pub(crate) factor: Factor,
    pub(crate) remaining: usize,
}

/// The settings that Logto's own pages keep.
#[derive(Debug, Default)]
pub(crate) struct LogtoConfigs {
    /// `None` if it is unknown.
    pub(crate) mfa_enabled: Option<bool>,
    pub(crate) mfa_skipped: bool,
    pub(crate) skip_mfa_on_sign_in: bool,
    pub(crate) passkey_sign_in_skipped: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct ConnectorToken {
    pub(crate) secret: String,
    pub(crate) scope: Option<String>,
    pub(crate) expires_at: u64,
}
