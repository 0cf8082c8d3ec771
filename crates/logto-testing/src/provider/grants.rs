//! Grants, and the codes, refresh tokens and opaque access tokens issued from them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::authentication::Authentication;
use crate::random;

/// Seconds in which a rotated refresh token is still accepted.
pub(crate) const REUSE_WINDOW: u64 = 3;

/// A user's authorization of the client at one sign-in. Tokens expire with their grant at the
/// latest.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Grant {
    pub(crate) user_id: String,
    pub(crate) oidc_scopes: BTreeSet<String>,
    /// Scopes by resource, for the resources of the authorization request.
    pub(crate) resource_scopes: BTreeMap<String, BTreeSet<String>>,
    pub(crate) nonce: Option<String>,
    /// Before Logto 1.46, present only if the authorization request had `max_age`.
    pub(crate) auth_time: Option<u64>,
    /// For the claims `acr` and `amr`, since Logto 1.46.
    #[serde(default)]
    pub(crate) authentication: Option<Authentication>,
    pub(crate) sid: String,
    pub(crate) expires_at: u64,
}

impl Grant {
    /// Every granted scope, whatever its resource.
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
    /// The `code_challenge`: SHA-256 of the verifier.
    pub(crate) challenge: Option<String>,
    pub(crate) expires_at: u64,
    pub(crate) used: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct RefreshToken {
    pub(crate) grant: String,
    pub(crate) issued_at: u64,
    pub(crate) expires_at: u64,
    /// The last use after rotation, or the rotation itself.
    pub(crate) consumed_at: Option<u64>,
}

impl RefreshToken {
    pub(crate) fn percent_of_life(&self, now: u64) -> u64 {
        now.saturating_sub(self.issued_at) * 100 / (self.expires_at - self.issued_at).max(1)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct AccessToken {
    pub(crate) grant: String,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) expires_at: u64,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Grants {
    by_id: HashMap<String, Grant>,
    /// Not saved: a sign-in that a restart interrupts begins again.
    #[serde(skip)]
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

    /// A grant that is neither revoked nor expired.
    pub(crate) fn live(&self, id: &str, now: u64) -> Option<&Grant> {
        self.by_id.get(id).filter(|grant| grant.expires_at > now)
    }

    /// The grants of a user, the latest first.
    pub(crate) fn of_user(&self, user_id: &str, now: u64) -> impl Iterator<Item = (&str, &Grant)> {
        let own = self.by_id.iter();
        let own = own.filter(|(_, grant)| grant.user_id == user_id && grant.expires_at > now);
        let mut own: Vec<_> = own.map(|(id, grant)| (id.as_str(), grant)).collect();
        own.sort_by_key(|(id, grant)| (std::cmp::Reverse(grant.expires_at), *id));
        own.into_iter()
    }

    /// The latest grant of a browser's session.
    pub(crate) fn of_session(&self, sid: &str) -> Option<&str> {
        let own = self.by_id.iter().filter(|(_, grant)| grant.sid == sid);
        own.max_by_key(|(id, grant)| (grant.expires_at, *id))
            .map(|(id, _)| id.as_str())
    }

    /// Revokes a grant and every token issued from it.
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

    /// Removes expired grants and tokens, so that the saved state does not grow.
    pub(crate) fn remove_expired(&mut self, now: u64) {
        self.by_id.retain(|_, grant| grant.expires_at > now);
        let by_id = &self.by_id;
        let is_live = |grant: &String, expires_at: u64| by_id.contains_key(grant) && expires_at > now;
        self.codes.retain(|_, code| is_live(&code.grant, code.expires_at));
        self.refresh_tokens
            .retain(|_, token| is_live(&token.grant, token.expires_at));
        self.access_tokens
            .retain(|_, token| is_live(&token.grant, token.expires_at));
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
