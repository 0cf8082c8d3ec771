//! The provider behind a [`TestProvider`](crate::TestProvider): settings, keys and state.

mod account_data;
mod authentication;
mod clock;
mod delegation;
mod delivery;
mod grants;
mod one_time_tokens;
mod organizations;
mod sessions;
mod state;
mod verifications;
mod visits;
mod webhooks;

use std::sync::{Arc, Mutex, MutexGuard};

pub(crate) use self::{
    account_data::{BackupCodes, ConnectorToken, Factor, LogtoConfigs},
    authentication::{Authentication, FIRST_FACTOR, MFA},
    delegation::{PersonalAccessToken, SUBJECT_TOKEN_LIFETIME},
    delivery::WebhookConfig,
    grants::{AccessToken, Code, Grant, Grants, REUSE_WINDOW, RefreshToken},
    one_time_tokens::{
        InteractionEvent, ONE_TIME_TOKEN_LIFETIME, OneTimeToken, TokenContext, TokenRefusal, TokenStatus,
    },
    organizations::{Invitation, InvitationStatus, Organizations, role_id},
    sessions::{BrowserSession, PendingLogout},
    state::ProviderState,
    verifications::{
        CodeProof, Identifier, IdentifierKind, Proof, SocialProof, VERIFICATION_LIFETIME, VerificationRefusal,
    },
    visits::{Interaction, SESSION_LIFETIME, Visit},
    webhooks::{Webhook, WebhookFields, Webhooks, new_signing_key},
};
pub use self::{clock::TestClock, webhooks::WebhookDelivery};
use crate::{
    config::{Config, User},
    faults::FaultSwitches,
    requests::{AnswerBarriers, Barriers, RequestLog},
    tokens::KeyRing,
};

/// The extractor with which handlers get the provider.
pub(crate) type SharedProvider = axum::extract::State<Arc<Provider>>;

/// Shared by the [`TestProvider`](crate::TestProvider) of the test and the endpoints.
pub(crate) struct Provider {
    pub(crate) config: Config,
    /// Scheme, host and port at which the provider listens.
    pub(crate) endpoint: String,
    pub(crate) clock: TestClock,
    pub(crate) keys: KeyRing,
    pub(crate) faults: FaultSwitches,
    pub(crate) log: RequestLog,
    pub(crate) barriers: Barriers,
    pub(crate) answer_barriers: AnswerBarriers,
    pub(crate) webhooks: Webhooks,
    state: Mutex<ProviderState>,
}

impl Provider {
    pub(crate) fn new(config: Config, endpoint: String, users: Vec<User>, clock: TestClock) -> Self {
        let organizations = Organizations {
            all: config.organizations.clone(),
            roles: config.organization_roles.clone(),
            invitations: Vec::new(),
        };
        Self {
            keys: KeyRing::new(config.algorithm),
            config,
            endpoint,
            clock,
            faults: FaultSwitches::default(),
            log: RequestLog::default(),
            barriers: Barriers::default(),
            answer_barriers: AnswerBarriers::default(),
            webhooks: Webhooks::default(),
            state: Mutex::new(ProviderState {
                users,
                organizations,
                ..ProviderState::default()
            }),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, ProviderState> {
        self.state.lock().unwrap()
    }

    /// The latest unused code that was sent to an email address or phone number.
    pub(crate) fn verification_code(&self, identifier: &str) -> Option<String> {
        let now = self.now();
        let code = self.state().verifications.code(identifier, now).map(str::to_owned);
        code
    }

    pub(crate) fn issuer(&self) -> String {
        format!("{}/oidc", self.public_endpoint())
    }

    /// Scheme, host and port that browsers use.
    pub(crate) fn public_endpoint(&self) -> &str {
        self.config.public_endpoint.as_ref().unwrap_or(&self.endpoint)
    }

    pub(crate) fn now(&self) -> u64 {
        self.clock.now()
    }
}
