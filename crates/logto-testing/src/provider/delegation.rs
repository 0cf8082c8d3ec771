//! Tokens with which programs act for users, and the Management API's tokens.

use std::collections::HashMap;

use crate::random;

/// Seconds in which a subject token can be exchanged.
pub(crate) const SUBJECT_TOKEN_LIFETIME: u64 = 600;

#[derive(Debug)]
pub(crate) struct SubjectToken {
    pub(crate) user_id: String,
    pub(crate) expires_at: u64,
}

#[derive(Debug)]
pub(crate) struct PersonalAccessToken {
    pub(crate) user_id: String,
    pub(crate) name: String,
    /// In milliseconds.
    pub(crate) expires_at: Option<u64>,
}

/// The tokens, by their values.
#[derive(Debug, Default)]
pub(crate) struct Delegation {
    subject: HashMap<String, SubjectToken>,
    personal: HashMap<String, PersonalAccessToken>,
    /// Whether a token for the Management API has the scope `all`.
    management: HashMap<String, (u64, bool)>,
}

impl Delegation {
    pub(crate) fn create_subject_token(&mut self, user_id: &str, now: u64) -> String {
        let value = format!("sub_{}", random::opaque());
        let token = SubjectToken {
            user_id: user_id.to_owned(),
            expires_at: now + SUBJECT_TOKEN_LIFETIME,
        };
        self.subject.insert(value.clone(), token);
        value
    }

    /// The user of a subject token that is neither consumed nor expired.
    pub(crate) fn subject(&self, value: &str, now: u64) -> Option<&str> {
        let token = self.subject.get(value)?;
        (token.expires_at > now).then_some(&token.user_id)
    }

    /// Consumes a subject token. Other tokens are ignored: they can be exchanged again.
    pub(crate) fn consume_subject(&mut self, value: &str) {
        self.subject.remove(value);
    }

    /// `None` if the user has a token with this name.
    pub(crate) fn create_personal(&mut self, token: PersonalAccessToken) -> Option<String> {
        let is_same = |other: &PersonalAccessToken| other.user_id == token.user_id && other.name == token.name;
        if self.personal.values().any(is_same) {
            return None;
        }
        let value = format!("pat_{}", &random::opaque()[..32]);
        self.personal.insert(value.clone(), token);
        Some(value)
    }

    pub(crate) fn personal(&self, value: &str, now: u64) -> Option<&str> {
        let token = self.personal.get(value)?;
        let is_live = token.expires_at.is_none_or(|at| at > now * 1000);
        is_live.then_some(&token.user_id)
    }

    pub(crate) fn delete_personal(&mut self, user_id: &str, name: &str) -> bool {
        let before = self.personal.len();
        self.personal
            .retain(|_, token| token.user_id != user_id || token.name != name);
        self.personal.len() < before
    }

    pub(crate) fn issue_management(&mut self, value: &str, expires_at: u64, has_all: bool) {
        self.management.insert(value.to_owned(), (expires_at, has_all));
    }

    /// Whether the token has the scope `all`. `None` for an unknown or expired one.
    pub(crate) fn management(&self, value: &str, now: u64) -> Option<bool> {
        let (expires_at, has_all) = self.management.get(value)?;
        (*expires_at > now).then_some(*has_all)
    }

    pub(crate) fn forget_management(&mut self) {
        self.management.clear();
    }
}
