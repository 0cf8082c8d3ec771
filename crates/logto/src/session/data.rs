//! The session itself.

use std::collections::BTreeMap;

use super::SessionState;
use crate::{
    callback::SignedIn,
    clock::{NoRandomness, Random, Timestamp},
    id_token::VerifiedIdToken,
    secret::SecretString,
    token::{AccessToken, TokenSet, TokenTarget},
};

/// How long before its end a token is no longer handed out, in seconds: it has to live through the request it is used for.
const EXPIRY_MARGIN: u64 = 10;

/// Names a session: 128 random bits, new at every sign-in. It is no credential, but whoever knows it can tell two requests of one
/// user belong together: it stays in sealed places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub(crate) [u8; 16]);

impl SessionId {
    fn random(random: &dyn Random) -> Result<Self, NoRandomness> {
        let mut bytes = [0; 16];
        random.fill(&mut bytes)?;
        Ok(Self(bytes))
    }
}

/// An access token that is kept for the next time.
#[derive(Clone, Debug)]
pub struct CachedToken {
    /// The token.
    pub token: AccessToken,
    /// When it was last stored; the ones stored longest ago are the first to leave when space is short.
    pub stored: Timestamp,
}

/// A signed-in user: made from a [`VerifiedIdToken`], never from decoded JSON. A session does not change; a renewed one is
/// another value with a higher version.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) id: SessionId,
    pub(super) version: u64,
    pub(super) started: Timestamp,
    pub(super) id_token: VerifiedIdToken,
    pub(super) refresh_token: Option<SecretString>,
    pub(super) access_tokens: BTreeMap<TokenTarget, CachedToken>,
    pub(super) grant_ended: bool,
}

impl Session {
    /// The session of a user who has just signed in.
    ///
    /// # Errors
    ///
    /// When there is no randomness for its id.
    pub fn begin(signed_in: SignedIn, now: Timestamp, random: &dyn Random) -> Result<Self, NoRandomness> {
        let user_info = CachedToken {
            token: signed_in.access_token,
            stored: now,
        };
        Ok(Self {
            id: SessionId::random(random)?,
            version: 1,
            started: now,
            id_token: signed_in.id_token,
            refresh_token: signed_in.refresh_token,
            access_tokens: BTreeMap::from([(TokenTarget::USER_INFO, user_info)]),
            grant_ended: false,
        })
    }

    /// The session's id.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Counts the changes since the sign-in; of two values of one session the one with the higher version is the later.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// When the user signed in.
    #[must_use]
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// Who the user is.
    #[must_use]
    pub fn id_token(&self) -> &VerifiedIdToken {
        &self.id_token
    }

    /// What renews the tokens.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&SecretString> {
        self.refresh_token.as_ref()
    }

    /// The access tokens kept, by what they are for.
    pub fn access_tokens(&self) -> impl Iterator<Item = (&TokenTarget, &CachedToken)> {
        self.access_tokens.iter()
    }

    /// A kept access token that is good for a while yet.
    #[must_use]
    pub fn valid_token(&self, target: &TokenTarget, now: Timestamp) -> Option<&AccessToken> {
        let token = &self.access_tokens.get(target)?.token;
        (token.expires > now.plus(EXPIRY_MARGIN)).then_some(token)
    }

    /// How the session stands at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> SessionState {
        if self.grant_ended {
            SessionState::SignInNeeded
        } else if self.id_token.claims().exp > now {
            SessionState::Active
        } else if self.refresh_token.is_some() {
            SessionState::Stale
        } else {
            SessionState::Expired
        }
    }

    /// The session after a refresh for `target`: whatever came back takes the place of what was there.
    #[must_use]
    pub fn renewed(&self, target: TokenTarget, tokens: TokenSet, now: Timestamp) -> Self {
        let mut session = self.clone();
        session.version += 1;
        session.access_tokens.insert(
            target,
            CachedToken {
                token: tokens.access_token,
                stored: now,
            },
        );
        session.access_tokens.retain(|_, cached| cached.token.expires > now);
        if let Some(refresh_token) = tokens.refresh_token {
            session.refresh_token = Some(refresh_token);
        }
        if let Some(id_token) = tokens.id_token {
            session.id_token = id_token;
        }
        session
    }

    /// The session after the provider said that its grant has ended: it still tells who the user was, and renews nothing.
    #[must_use]
    pub fn with_grant_ended(&self) -> Self {
        let mut session = self.clone();
        session.version += 1;
        session.grant_ended = true;
        session.refresh_token = None;
        session.access_tokens.clear();
        session
    }

    /// The same session without the access token stored longest ago; `None` when there is none left to give up. It can be had
    /// again with the refresh token.
    #[must_use]
    pub fn without_oldest_token(&self) -> Option<Self> {
        let oldest = self
            .access_tokens
            .iter()
            .min_by_key(|(_, cached)| cached.stored)?
            .0
            .clone();
        let mut session = self.clone();
        session.access_tokens.remove(&oldest);
        Some(session)
    }
}
