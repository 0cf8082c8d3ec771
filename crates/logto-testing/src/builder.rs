//! Setting a provider up.

use serde_json::{Map, Value};

use crate::{
    clock::TestClock,
    config::{Config, Lifetimes, RotationRule, SigningAlgorithm},
    demo,
    provider::TestProvider,
    user::{Organization, User},
};

/// Sets a [`TestProvider`] up; from [`TestProvider::builder`].
///
/// What is named replaces the demo data of its kind: the first [`user`](Self::user) removes the
/// demo users, the first [`redirect_uri`](Self::redirect_uri) the default one, and so on.
#[derive(Debug)]
#[must_use = "nothing listens until `start`"]
pub struct TestProviderBuilder {
    config: Config,
    users: Vec<User>,
    clock: TestClock,
}

impl Default for TestProviderBuilder {
    fn default() -> Self {
        let config = Config {
            app_id: "test-app".to_owned(),
            app_secret: Some("test-app-secret-of-32-characters".to_owned()),
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            resources: Vec::new(),
            organizations: Vec::new(),
            lifetimes: Lifetimes::default(),
            rotation: RotationRule::default(),
            algorithm: SigningAlgorithm::default(),
            always_issue_refresh_token: false,
            backchannel_session_required: false,
            left_out_of_id_tokens: Vec::new(),
            metadata: Map::new(),
            public_endpoint: None,
        };
        Self {
            config,
            users: Vec::new(),
            clock: TestClock::default(),
        }
    }
}

impl TestProviderBuilder {
    /// The client's id and secret.
    pub fn client(mut self, app_id: &str, app_secret: &str) -> Self {
        app_id.clone_into(&mut self.config.app_id);
        self.config.app_secret = Some(app_secret.to_owned());
        self
    }

    /// A client without a secret (an SPA): PKCE is required and every refresh rotates.
    pub fn public_client(mut self) -> Self {
        self.config.app_secret = None;
        self.rotation(RotationRule::EveryUse)
    }

    /// Registers one more redirect URI; compared exactly, port included. `*` as the first label of
    /// the host stands for any.
    pub fn redirect_uri(mut self, uri: &str) -> Self {
        self.config.redirect_uris.push(uri.to_owned());
        self
    }

    /// Registers one more URI to return to after sign-out.
    pub fn post_logout_redirect_uri(mut self, uri: &str) -> Self {
        self.config.post_logout_redirect_uris.push(uri.to_owned());
        self
    }

    /// Adds a user.
    pub fn user(mut self, user: User) -> Self {
        self.users.push(user);
        self
    }

    /// Adds an API resource by its indicator.
    pub fn resource(mut self, indicator: &str) -> Self {
        self.config.resources.push(indicator.to_owned());
        self
    }

    /// Adds an organization.
    pub fn organization(mut self, organization: Organization) -> Self {
        self.config.organizations.push(organization);
        self
    }

    /// Lifetimes of codes and tokens, in seconds.
    pub fn lifetimes(mut self, lifetimes: Lifetimes) -> Self {
        self.config.lifetimes = lifetimes;
        self
    }

    /// When a refresh gives another refresh token.
    pub fn rotation(mut self, rule: RotationRule) -> Self {
        self.config.rotation = rule;
        self
    }

    /// What tokens are signed with.
    pub fn signing_algorithm(mut self, algorithm: SigningAlgorithm) -> Self {
        self.config.algorithm = algorithm;
        self
    }

    /// The application's setting "always issue refresh token": one comes without `offline_access`
    /// too.
    pub fn always_issue_refresh_token(mut self) -> Self {
        self.config.always_issue_refresh_token = true;
        self
    }

    /// The application's back-channel setting "session required": ID tokens carry `sid`.
    pub fn backchannel_session_required(mut self) -> Self {
        self.config.backchannel_session_required = true;
        self
    }

    /// The tenant's setting that takes claims out of ID tokens, such as `organizations`: userinfo
    /// still has them.
    pub fn without_id_token_claims<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names.into_iter().map(str::to_owned);
        self.config.left_out_of_id_tokens.extend(names);
        self
    }

    /// Sets a field of the discovery document; JSON `null` removes it.
    pub fn metadata(mut self, field: &str, value: Value) -> Self {
        self.config.metadata.insert(field.to_owned(), value);
        self
    }

    /// Sets the address that users see, without `/oidc`: the issuer is below it. The provider still
    /// listens at its [`endpoint`](TestProvider::endpoint), and its document names that one, as
    /// that of a Logto in a network of containers does.
    pub fn public_endpoint(mut self, endpoint: &str) -> Self {
        self.config.public_endpoint = Some(endpoint.to_owned());
        self
    }

    /// The provider's clock, to share one with the code under test or to begin at a fixed time.
    pub fn clock(mut self, clock: TestClock) -> Self {
        self.clock = clock;
        self
    }

    /// Listens on a free port of 127.0.0.1 until the provider is dropped. The first user is signed
    /// in.
    pub async fn start(mut self) -> TestProvider {
        let config = &mut self.config;
        or_else(&mut config.redirect_uris, || {
            vec![demo::DEFAULT_REDIRECT_URI.to_owned()]
        });
        or_else(&mut config.post_logout_redirect_uris, || {
            vec![demo::DEFAULT_POST_LOGOUT_REDIRECT_URI.to_owned()]
        });
        or_else(&mut config.resources, || vec![demo::API.to_owned()]);
        or_else(&mut config.organizations, demo::organizations);
        or_else(&mut self.users, demo::users);
        TestProvider::listen(self.config, self.users, self.clock).await
    }
}

fn or_else<T>(list: &mut Vec<T>, default: impl FnOnce() -> Vec<T>) {
    if list.is_empty() {
        *list = default();
    }
}
