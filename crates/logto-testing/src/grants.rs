//! Grants and what was issued from them: codes, refresh tokens, opaque access tokens.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::random;

/// A rotated refresh token still works for this many seconds after its use.
pub(crate) const REUSE_WINDOW: u64 = 3;

/// What a user allowed the client at one sign-in. Tokens live no longer than their grant.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) user_id: String,
    pub(crate) oidc_scopes: BTreeSet<String>,
    /// Scopes by each resource that was asked for on authorize.
    pub(crate) resource_scopes: BTreeMap<String, BTreeSet<String>>,
    pub(crate) nonce: Option<String>,
    /// Present only when `max_age` was sent.
    pub(crate) auth_time: Option<u64>,
    pub(crate) sid: String,
    pub(crate) expires_at: u64,
}

impl Grant {
    /// Everything that was granted, for whichever resource.
    pub(crate) fn scopes(&self) -> BTreeSet<String> {
        self.oidc_scopes
            .iter()
            .chain(self.resource_scopes.values().flatten())
            .cloned()
            .collect()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) grant: String,
    pub(crate) redirect_uri: String,
    /// S256 of the verifier.
    pub(crate) challenge: Option<String>,
    pub(crate) expires_at: u64,
    pub(crate) used: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct RefreshToken {
    pub(crate) grant: String,
    pub(crate) issued_at: u64,
    pub(crate) expires_at: u64,
    /// When it was last used after it had been rotated, or was rotated.
    pub(crate) consumed_at: Option<u64>,
}

impl RefreshToken {
    pub(crate) fn percent_of_life(&self, now: u64) -> u64 {
        now.saturating_sub(self.issued_at) * 100 / (self.expires_at - self.issued_at).max(1)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct AccessToken {
    pub(crate) grant: String,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) expires_at: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Grants {
    by_id: HashMap<String, Grant>,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) refresh_tokens: HashMap<String, RefreshToken>,
    pub(crate) access_tokens: HashMap<String, AccessToken>,
}

impl Grants {
    pub(crate) fn add(&mut self, grant: Grant) -> String {
        let id = random::id();
        self.by_id.insert(id.clone(), grant);
        id
    }

    /// A grant that is neither revoked nor over.
    pub(crate) fn live(&self, id: &str, now: u64) -> Option<&Grant> {
        self.by_id.get(id).filter(|grant| grant.expires_at > now)
    }

    /// Ends a grant, and with it every token that came from it.
    pub(crate) fn revoke(&mut self, id: &str) {
        self.by_id.remove(id);
        self.refresh_tokens.retain(|_, token| token.grant != id);
        self.access_tokens.retain(|_, token| token.grant != id);
    }

    pub(crate) fn revoke_where(&mut self, condition: impl Fn(&Grant) -> bool) {
        let ids: Vec<_> = self
            .by_id
            .iter()
            .filter(|(_, grant)| condition(grant))
            .map(|(id, _)| id.clone())
            .collect();
        for id in ids {
            self.revoke(&id);
        }
    }

    pub(crate) fn issue_refresh_token(&mut self, token: RefreshToken) -> String {
        issue(&mut self.refresh_tokens, token)
    }

    pub(crate) fn issue_access_token(&mut self, token: AccessToken) -> String {
        issue(&mut self.access_tokens, token)
    }

    pub(crate) fn issue_code(&mut self, code: Code) -> String {
        issue(&mut self.codes, code)
    }
}

fn issue<T>(tokens: &mut HashMap<String, T>, token: T) -> String {
    let value = random::opaque();
    tokens.insert(value.clone(), token);
    value
}
