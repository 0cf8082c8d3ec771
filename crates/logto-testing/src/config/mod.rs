//! Settings of a provider, fixed when it starts.

mod account_center;
pub(crate) mod defaults;
mod email;
mod interactive_pages;
mod lifetimes;
mod machine_app;
mod organization;
mod rotation;
mod signing_algorithm;
mod user;

use serde_json::{Map, Value};
use url::{Host, Url};

pub(crate) use self::{account_center::AccountCenter, email::is_email, machine_app::MANAGEMENT_RESOURCE};
pub use self::{
    account_center::AccountField,
    defaults::{DEFAULT_POST_LOGOUT_REDIRECT_URI, DEFAULT_REDIRECT_URI, DEFAULT_RESOURCE},
    interactive_pages::InteractivePages,
    lifetimes::Lifetimes,
    machine_app::MachineApp,
    organization::{Membership, Organization, OrganizationRole},
    rotation::RotationRule,
    signing_algorithm::SigningAlgorithm,
    user::User,
};

/// The provider's treatment of `acr_values`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AcrValues {
    /// As Logto before 1.46.
    Ignored,
    /// Step-up authentication.
    Demanded,
}

/// The app's setting for token exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenExchange {
    /// As for a new app.
    Forbidden,
    Allowed,
}

#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) app_id: String,
    /// `None` for a public client.
    pub(crate) app_secret: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) post_logout_redirect_uris: Vec<String>,
    pub(crate) resources: Vec<String>,
    pub(crate) organizations: Vec<Organization>,
    /// The organization template.
    pub(crate) organization_roles: Vec<OrganizationRole>,
    pub(crate) machine_apps: Vec<MachineApp>,
    pub(crate) token_exchange: TokenExchange,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) rotation: RotationRule,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) always_issue_refresh_token: bool,
    /// Whether ID tokens have the claim `sid`.
    pub(crate) backchannel_session_required: bool,
    /// Claims that the tenant leaves out of ID tokens.
    pub(crate) excluded_id_token_claims: Vec<String>,
    /// Fields that replace those of the discovery document; `null` removes a field.
    pub(crate) metadata: Map<String, Value>,
    /// Scheme, host and port that browsers use, if they differ from those the provider listens at.
    pub(crate) public_endpoint: Option<String>,
    pub(crate) acr_values: AcrValues,
    /// Whether every loopback URI counts as registered.
    pub(crate) loopback_redirects: bool,
    /// The pages of an interactive provider. `None`: the test signs users in, and no page is shown.
    pub(crate) pages: Option<InteractivePages>,
}

impl Config {
    pub(crate) fn has_step_up(&self) -> bool {
        self.acr_values == AcrValues::Demanded
    }

    /// Whether `uri` is on this machine, and such URIs need no registration.
    pub(crate) fn accepts_loopback(&self, uri: &str) -> bool {
        let is_loopback = |url: &Url| match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        let is_http = |url: &Url| ["http", "https"].contains(&url.scheme());
        self.loopback_redirects && Url::parse(uri).is_ok_and(|url| is_http(&url) && is_loopback(&url))
    }
}
