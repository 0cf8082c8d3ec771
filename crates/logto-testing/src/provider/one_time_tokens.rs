//! One-time tokens, with which the holder of an email address signs in once.

use serde::{Deserialize, Serialize};

use crate::random;

/// Seconds after which a token expires, unless the request sets others.
pub(crate) const ONE_TIME_TOKEN_LIFETIME: u64 = 600;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TokenStatus {
    Active,
    Consumed,
    Revoked,
    Expired,
}

/// The action of the user at the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum InteractionEvent {
    SignIn,
    Register,
    ForgotPassword,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenContext {
    /// The user becomes a member of these organizations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jit_organization_ids: Option<Vec<String>>,
    /// The token is for this event alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) interaction_event: Option<InteractionEvent>,
}

#[derive(Clone, Debug)]
pub(crate) struct OneTimeToken {
    pub(crate) id: String,
    /// The address need not belong to a user.
    pub(crate) email: String,
    pub(crate) value: String,
    pub(crate) context: TokenContext,
    /// In milliseconds.
    pub(crate) created_at: u64,
    /// In milliseconds.
    pub(crate) expires_at: u64,
    status: TokenStatus,
}

impl OneTimeToken {
    pub(crate) fn status(&self, now: u64) -> TokenStatus {
        match self.status {
            TokenStatus::Active if self.expires_at <= now * 1000 => TokenStatus::Expired,
            status => status,
        }
    }
}

/// Why a token cannot be used: the HTTP status and Logto's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TokenRefusal {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
}

impl TokenRefusal {
    pub(crate) const NOT_FOUND: Self = Self::new(404, "one_time_token.token_not_found");
    pub(crate) const EMAIL_MISMATCH: Self = Self::new(400, "one_time_token.email_mismatch");
    pub(crate) const EXPIRED: Self = Self::new(400, "one_time_token.token_expired");
    pub(crate) const CONSUMED: Self = Self::new(400, "one_time_token.token_consumed");
    pub(crate) const REVOKED: Self = Self::new(400, "one_time_token.token_revoked");
    pub(crate) const EVENT_MISMATCH: Self = Self::new(400, "one_time_token.interaction_event_mismatch");
    pub(crate) const NO_ADDRESS: Self = Self::new(400, "guard.invalid_input");
    pub(crate) const SUSPENDED: Self = Self::new(401, "user.suspended");

    /// A sentence for the user.
    pub(crate) fn explanation(self) -> String {
        match self {
            Self::SUSPENDED => "This user is suspended.".to_owned(),
            Self::NO_ADDRESS => "The address of this link is not an email address.".to_owned(),
            Self { code, .. } => format!("This link cannot be used ({code})."),
        }
    }

    const fn new(status: u16, code: &'static str) -> Self {
        Self { status, code }
    }
}

#[derive(Debug, Default)]
pub(crate) struct OneTimeTokens(Vec<OneTimeToken>);

impl OneTimeTokens {
    pub(crate) fn create(&mut self, email: &str, lifetime: u64, context: TokenContext, now: u64) -> OneTimeToken {
        let token = OneTimeToken {
            id: random::id(),
            email: email.to_owned(),
            value: random::opaque()[..32].to_owned(),
            context,
            created_at: now * 1000,
            expires_at: now.saturating_add(lifetime).saturating_mul(1000),
            status: TokenStatus::Active,
        };
        self.0.push(token.clone());
        token
    }

    /// All tokens, the newest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &OneTimeToken> {
        self.0.iter().rev()
    }

    /// The token with this id.
    pub(crate) fn get(&self, id: &str) -> Option<&OneTimeToken> {
        self.0.iter().find(|token| token.id == id)
    }

    /// Sets the status of the token with this id, if there is one.
    pub(crate) fn set_status(&mut self, id: &str, status: TokenStatus) -> Option<&OneTimeToken> {
        let token = self.0.iter_mut().find(|token| token.id == id)?;
        token.status = status;
        Some(token)
    }

    /// Whether there was a token with this id.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|token| token.id != id);
        self.0.len() < before
    }

    /// The token with this value, if it is for this address and can be used. The order of the checks
    /// is Logto's: a consumed token that is too old has expired.
    pub(crate) fn check(&self, value: &str, email: &str, now: u64) -> Result<&OneTimeToken, TokenRefusal> {
        let token = self.0.iter().find(|token| token.value == value);
        let token = token.ok_or(TokenRefusal::NOT_FOUND)?;
        if token.email != email {
            return Err(TokenRefusal::EMAIL_MISMATCH);
        }
        if token.expires_at <= now * 1000 {
            return Err(TokenRefusal::EXPIRED);
        }
        match token.status {
            TokenStatus::Expired => Err(TokenRefusal::EXPIRED),
            TokenStatus::Consumed => Err(TokenRefusal::CONSUMED),
            TokenStatus::Revoked => Err(TokenRefusal::REVOKED),
            TokenStatus::Active => Ok(token),
        }
    }

    /// Checks a token and uses it up.
    pub(crate) fn consume(&mut self, value: &str, email: &str, now: u64) -> Result<&OneTimeToken, TokenRefusal> {
        let id = self.check(value, email, now)?.id.clone();
        self.set_status(&id, TokenStatus::Consumed)
            .ok_or(TokenRefusal::NOT_FOUND)
    }
}
