//! The JSON of a session.

use std::{borrow::Cow, cmp::Reverse, collections::BTreeMap};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    clock::Timestamp,
    id_token::VerifiedIdToken,
    secret::{ExposeSecret as _, SecretString},
    session::{
        ActingAs, AppData, CachedToken, LogoutMark, Session, SessionId, authentication::Authentication, denial::Denial,
        deny_list::entry::EntryIds,
    },
    token::{AccessToken, TokenTarget},
};

/// The JSON inside the seal, with short names because it is part of a cookie. Private, because
/// it serializes secrets.
#[derive(Serialize, Deserialize)]
pub(super) struct SessionDto<'a> {
    #[serde(rename = "i")]
    id: String,
    #[serde(rename = "v")]
    version: u64,
    #[serde(rename = "s")]
    started: Timestamp,
    #[serde(rename = "l")]
    seen: Timestamp,
    #[serde(rename = "t")]
    id_token: TokenDto,
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    authentication: Option<Cow<'a, Authentication>>,
    #[serde(rename = "r", borrow, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Cow<'a, str>>,
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    access_tokens: Vec<AccessTokenDto>,
    #[serde(rename = "e", default, skip_serializing_if = "std::ops::Not::not")]
    grant_ended: bool,
    #[serde(rename = "n", default, skip_serializing_if = "LogoutMark::is_none")]
    logouts: LogoutMark,
    #[serde(rename = "m", default, skip_serializing_if = "LogoutMark::is_none")]
    refreshed_after: LogoutMark,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    denied: Option<Denial>,
    #[serde(rename = "c", default, skip_serializing_if = "is_zero")]
    clears: u64,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    app_data: Option<Cow<'a, Value>>,
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    active_organization: Option<Cow<'a, str>>,
    #[serde(rename = "o", default, skip_serializing_if = "has_no_names")]
    organization_names: Cow<'a, BTreeMap<String, String>>,
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    acting_as: Option<ActingAsDto>,
}

impl<'a> SessionDto<'a> {
    pub(super) fn new(session: &'a Session) -> Self {
        let tokens = session.access_tokens.iter();
        let refresh_token = session.refresh_token.as_ref();
        Self {
            id: BASE64_URL_SAFE_NO_PAD.encode(session.id.0),
            version: session.version,
            started: session.started,
            seen: session.seen,
            id_token: TokenDto::split(session.id_token.raw()),
            authentication: session.authentication.as_ref().map(Cow::Borrowed),
            refresh_token: refresh_token.map(|token| token.expose_secret().into()),
            access_tokens: tokens
                .map(|(target, cached)| AccessTokenDto::new(target, cached))
                .collect(),
            grant_ended: session.grant_ended,
            logouts: session.logouts,
            refreshed_after: session.refreshed_after,
            denied: session.denied,
            clears: session.clears,
            app_data: session.app_data.as_ref().map(|data| Cow::Borrowed(&data.0)),
            active_organization: session.active_organization.as_deref().map(Cow::Borrowed),
            organization_names: Cow::Borrowed(&session.organization_names),
            acting_as: session.acting_as.as_ref().map(ActingAsDto::new),
        }
    }

    /// The session. `None` if its id or its ID token has the wrong form.
    pub(super) fn into_session(self) -> Option<Session> {
        let id = BASE64_URL_SAFE_NO_PAD.decode(self.id).ok()?;
        Some(Session {
            id: SessionId(id.try_into().ok()?),
            version: self.version,
            started: self.started,
            seen: self.seen,
            id_token: VerifiedIdToken::unsealed(self.id_token.join())?,
            authentication: self.authentication.map(Cow::into_owned),
            refresh_token: self.refresh_token.map(|token| token.into_owned().into()),
            access_tokens: self
                .access_tokens
                .into_iter()
                .map(AccessTokenDto::into_cached)
                .collect(),
            grant_ended: self.grant_ended,
            logouts: self.logouts,
            refreshed_after: self.refreshed_after,
            outdated_by: None,
            denied: self.denied,
            clears: self.clears,
            app_data: self.app_data.map(|data| AppData(data.into_owned())),
            active_organization: self.active_organization.map(Cow::into_owned),
            organization_names: self.organization_names.into_owned(),
            acting_as: self.acting_as.map(ActingAsDto::into_acting_as),
            entry_ids: EntryIds::default(),
        })
    }

    /// Drops access tokens, the least recently used first, until the JSON is smaller by `excess`
    /// bytes. Returns whether that was possible.
    pub(super) fn drop_tokens(&mut self, mut excess: usize) -> bool {
        self.access_tokens
            .sort_unstable_by_key(|token| Reverse((token.used, token.expires)));
        while excess > 0 {
            let Some(token) = self.access_tokens.pop() else {
                return false;
            };
            let json = serde_json::to_vec(&token).unwrap_or_default();
            excess = excess.saturating_sub(json.len());
        }
        true
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn has_no_names(names: &BTreeMap<String, String>) -> bool {
    names.is_empty()
}

#[derive(Serialize, Deserialize)]
struct AccessTokenDto {
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    organization_id: Option<String>,
    #[serde(rename = "t")]
    token: TokenDto,
    #[serde(rename = "s")]
    scopes: Vec<String>,
    #[serde(rename = "e")]
    expires: Timestamp,
    #[serde(rename = "u")]
    used: Timestamp,
}

impl AccessTokenDto {
    fn new(target: &TokenTarget, cached: &CachedToken) -> Self {
        Self {
            resource: target.resource.clone(),
            organization_id: target.organization_id.clone(),
            token: TokenDto::split(&cached.token.secret),
            scopes: cached.token.scopes.clone(),
            expires: cached.token.expires,
            used: cached.used,
        }
    }

    fn into_cached(self) -> (TokenTarget, CachedToken) {
        let target = TokenTarget {
            resource: self.resource,
            organization_id: self.organization_id,
        };
        let token = AccessToken {
            secret: self.token.join(),
            scopes: self.scopes,
            expires: self.expires,
        };
        (target, CachedToken { token, used: self.used })
    }
}

#[derive(Serialize, Deserialize)]
struct ActingAsDto {
    #[serde(rename = "i")]
    user_id: String,
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(rename = "t")]
    token: String,
    #[serde(rename = "e")]
    until: Timestamp,
}

impl ActingAsDto {
    fn new(acting: &ActingAs) -> Self {
        Self {
            user_id: acting.user_id.clone(),
            name: acting.name.clone(),
            token: acting.token().expose_secret().to_owned(),
            until: acting.until,
        }
    }

    fn into_acting_as(self) -> ActingAs {
        ActingAs::new(self.user_id, self.name, self.token, self.until)
    }
}

/// A token: a JWT with decoded header and payload, or opaque text.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum TokenDto {
    Parts(String, String, String),
    Text(String),
}

impl TokenDto {
    fn split(token: &SecretString) -> Self {
        let text = token.expose_secret();
        Self::parts(text)
            .filter(|parts| parts.join().expose_secret() == text)
            .unwrap_or_else(|| Self::Text(text.to_owned()))
    }

    fn parts(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let decoded = |part| String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        Some(Self::Parts(decoded(header)?, decoded(payload)?, signature.to_owned()))
    }

    fn join(&self) -> SecretString {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Parts(header, payload, signature) => {
                let encode = |part: &String| BASE64_URL_SAFE_NO_PAD.encode(part);
                format!("{}.{}.{signature}", encode(header), encode(payload)).into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_is_not_canonical_base64_is_kept_as_text() {
        for text in ["opaque", "a.b", "!!.!!.!!", "e30=.e30.x", "a.b.c.d"] {
            assert_eq!(TokenDto::split(&text.into()).join().expose_secret(), text);
        }
    }
}
