//! The settings of webhooks.

use std::time::Duration;

use logto::{ConfigError, SecretString, WebhookVerifier};

/// Size limit of a webhook, in bytes. Events about users contain their custom data, of which Logto
/// accepts a megabyte in one request: a user must not evade a suspension by having more.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// How webhooks of Logto are received, see [`WebConfig::with_webhooks`](crate::WebConfig::with_webhooks).
///
/// Create a webhook in the Logto console with the URL `<address>/webhook`, the events
/// `User.Deleted`, `User.SuspensionStatus.Updated` and, if organizations matter,
/// `Organization.Membership.Updated`, and give its signing key here. Logto sends no back-channel
/// logout for these events, so without a webhook such users stay signed in until their tokens
/// expire.
///
/// The route verifies the signature before it reads the content, and reacts:
///
/// | event | reaction |
/// |---|---|
/// | `User.Deleted`, `User.SuspensionStatus.Updated` of a suspended user | ends all sessions of the user |
/// | `Organization.Membership.Updated` | [`MembershipReaction`] |
/// | any other | none; the app can react with [`WebConfig::with_on_webhook`](crate::WebConfig::with_on_webhook) |
///
/// Sessions end through the session store or the deny list, as with
/// [`Logto::end_sessions_of`](crate::Logto::end_sessions_of). Several processes with sessions in
/// cookies have to share a deny list
/// ([`WebConfig::with_deny_list`](crate::WebConfig::with_deny_list)): otherwise the sessions end
/// only in the process that receives the webhook, and only until it restarts. Each
/// process checks for outdated claims, so use the same settings in all of them.
///
/// ```
/// use logto_axum::{MembershipReaction, WebConfig, WebhookConfig};
///
/// # fn example(web: WebConfig, signing_key: String) -> WebConfig {
/// let webhooks = WebhookConfig::new([signing_key.into()])
///     .with_path("/logto/webhook")
///     .with_membership_reaction(MembershipReaction::EndSessions);
/// web.with_webhooks(webhooks)
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    signing_keys: Vec<SecretString>,
    pub(crate) path: String,
    max_age: Option<Duration>,
    pub(crate) body_limit: usize,
    membership: MembershipReaction,
}

/// The reaction to a change of the members of an organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MembershipReaction {
    /// Ends all sessions of users who have left.
    EndSessions,
    /// Treats the claims and the cached access tokens of users who have left or joined as outdated:
    /// their next request refreshes them first. A session without a refresh token ends.
    #[default]
    Refresh,
    /// Does nothing.
    Ignore,
}

impl WebhookConfig {
    /// Creates a configuration with the signing keys of one webhook or of several. A webhook is
    /// accepted if one of the keys has signed it: give the previous key too while a key changes.
    #[must_use]
    pub fn new(signing_keys: impl IntoIterator<Item = SecretString>) -> Self {
        Self {
            signing_keys: signing_keys.into_iter().collect(),
            path: "/webhook".into(),
            max_age: None,
            body_limit: BODY_LIMIT,
            membership: MembershipReaction::default(),
        }
    }

    /// Sets the path of the route, below the base URL. `/webhook` by default.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Sets the age of the oldest event that is accepted. Ten minutes by default; the clock
    /// tolerance is added.
    ///
    /// It bounds a replay, because the signature of a webhook has no expiry. Until then, the route
    /// recognizes a repeated delivery and does nothing; an [extractor](crate::Webhook) does not.
    #[must_use]
    pub fn with_max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// Sets the size limit of a webhook, in **bytes**. 8 MiB by default. A body is read up to this
    /// limit before its signature can be verified.
    #[must_use]
    pub fn with_body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets the reaction to a change of the members of an organization.
    /// [`MembershipReaction::Refresh`] by default.
    ///
    /// Logto before 1.40 does not name the members, so nothing happens there.
    #[must_use]
    pub fn with_membership_reaction(mut self, reaction: MembershipReaction) -> Self {
        self.membership = reaction;
        self
    }

    pub(crate) fn verifier(&self) -> Result<WebhookVerifier, ConfigError> {
        let verifier = WebhookVerifier::new(self.signing_keys.iter().cloned())?;
        Ok(match self.max_age {
            Some(max_age) => verifier.with_max_age(max_age),
            None => verifier,
        })
    }

    pub(crate) fn membership_reaction(&self) -> MembershipReaction {
        self.membership
    }

    /// Whether sessions have to be checked for outdated claims.
    pub(crate) fn refreshes_claims(&self) -> bool {
        self.membership == MembershipReaction::Refresh
    }
}
