//! Settings of a provider before it starts.

use serde_json::{Map, Value};

use super::provider::TestProvider;
use crate::{
    config::{
        AcrValues, Config, InteractivePages, Lifetimes, MachineApp, Organization, OrganizationRole, RotationRule,
        SigningAlgorithm, TokenExchange, User, defaults,
    },
    provider::TestClock,
};

/// Configures a [`TestProvider`]; created by [`TestProvider::builder`].
///
/// Users, organizations, API resources and URIs have defaults, each of which applies only if the
/// builder adds none of that kind: the first [`user`](Self::user) replaces the users `ada` and
/// `bob`.
///
/// ```
/// use logto_testing::{RotationRule, TestProvider, User};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let provider = TestProvider::builder()
///     .client("my-app", "a secret")
///     .redirect_uri("http://127.0.0.1:3000/callback")
///     .user(User::new("grace").with_role("admin"))
///     .rotation(RotationRule::EveryUse)
///     .start()
///     .await;
/// assert_eq!(provider.browser_user().as_deref(), Some("grace"));
/// # }
/// ```
#[derive(Debug)]
#[must_use = "the provider is not running until `start` is called"]
pub struct TestProviderBuilder {
    config: Config,
    users: Vec<User>,
    clock: TestClock,
}

impl TestProvider {
    /// Starts a provider for a traditional web app, with the users `ada` and `bob`. `ada` is signed
    /// in.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// Configures a provider before it starts.
    pub fn builder() -> TestProviderBuilder {
        TestProviderBuilder::default()
    }
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
            organization_roles: Vec::new(),
            machine_apps: Vec::new(),
            token_exchange: TokenExchange::Forbidden,
            lifetimes: Lifetimes::default(),
            rotation: RotationRule::default(),
            algorithm: SigningAlgorithm::default(),
            always_issue_refresh_token: false,
            backchannel_session_required: false,
            excluded_id_token_claims: Vec::new(),
            metadata: Map::new(),
            public_endpoint: None,
            acr_values: AcrValues::Ignored,
            loopback_redirects: false,
            pages: None,
        };
        Self {
            config,
            users: Vec::new(),
            clock: TestClock::default(),
        }
    }
}

impl TestProviderBuilder {
    /// Sets the client id and the client secret.
    pub fn client(mut self, app_id: &str, app_secret: &str) -> Self {
        app_id.clone_into(&mut self.config.app_id);
        self.config.app_secret = Some(app_secret.to_owned());
        self
    }

    /// Makes the client public: it has no secret, PKCE is required, and every refresh rotates the
    /// refresh token.
    pub fn public_client(mut self) -> Self {
        self.config.app_secret = None;
        self.rotation(RotationRule::EveryUse)
    }

    /// Adds a redirect URI. It is compared exactly, including the port, except that `*` as the
    /// first label of the host matches any label.
    pub fn redirect_uri(mut self, uri: &str) -> Self {
        self.config.redirect_uris.push(uri.to_owned());
        self
    }

    /// Adds a post-logout redirect URI.
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

    /// Adds a role of the organization template.
    pub fn organization_role(mut self, role: OrganizationRole) -> Self {
        self.config.organization_roles.push(role);
        self
    }

    /// Adds a machine-to-machine app.
    pub fn machine_app(mut self, app: MachineApp) -> Self {
        self.config.machine_apps.push(app);
        self
    }

    /// Allows the app to exchange tokens.
    pub fn token_exchange(mut self) -> Self {
        self.config.token_exchange = TokenExchange::Allowed;
        self
    }

    /// Sets the lifetimes of codes, tokens and grants.
    pub fn lifetimes(mut self, lifetimes: Lifetimes) -> Self {
        self.config.lifetimes = lifetimes;
        self
    }

    /// Sets when a refresh returns a new refresh token.
    pub fn rotation(mut self, rule: RotationRule) -> Self {
        self.config.rotation = rule;
        self
    }

    /// Sets the signature algorithm of tokens.
    pub fn signing_algorithm(mut self, algorithm: SigningAlgorithm) -> Self {
        self.config.algorithm = algorithm;
        self
    }

    /// Turns on the application's setting "always issue refresh token": the scope `offline_access`
    /// is not required.
    pub fn always_issue_refresh_token(mut self) -> Self {
        self.config.always_issue_refresh_token = true;
        self
    }

    /// Turns on the application's back-channel setting "session required": ID tokens have the claim
    /// `sid`.
    pub fn backchannel_session_required(mut self) -> Self {
        self.config.backchannel_session_required = true;
        self
    }

    /// Removes claims, such as `organizations`, from ID tokens, as a setting of the tenant does.
    /// The userinfo endpoint still returns them.
    pub fn without_id_token_claims<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names.into_iter().map(str::to_owned);
        self.config.excluded_id_token_claims.extend(names);
        self
    }

    /// Sets a field of the discovery document; JSON `null` removes it.
    pub fn metadata(mut self, field: &str, value: Value) -> Self {
        self.config.metadata.insert(field.to_owned(), value);
        self
    }

    /// Adds step-up authentication, as Logto has it since 1.46: `acr_values` is a demand, and tokens
    /// have the claims `acr`, `amr` and `auth_time`. Without it, `acr_values` is ignored.
    ///
    /// Users with a [second factor](crate::User::with_second_factor) prove it when it is demanded.
    pub fn step_up(mut self) -> Self {
        self.config.acr_values = AcrValues::Demanded;
        self
    }

    /// Sets scheme, host and port that browsers use; the issuer is this URL with `/oidc` appended.
    ///
    /// The URLs in the discovery document stay those of [`endpoint`](TestProvider::endpoint), at
    /// which the provider listens, as for a Logto server in a container network.
    pub fn public_endpoint(mut self, endpoint: &str) -> Self {
        self.config.public_endpoint = Some(endpoint.to_owned());
        self
    }

    /// Accepts every redirect URI and post-logout redirect URI on this machine, whatever its port
    /// and path, besides the registered ones.
    pub fn loopback_redirects(mut self) -> Self {
        self.config.loopback_redirects = true;
        self
    }

    /// Shows pages to people in any number of browsers: sign-in, consent, sign-out and errors. A
    /// cookie keeps each browser's session, so that it is signed in for every app, and `prompt` and
    /// `max_age` decide whether it has to sign in again.
    ///
    /// No user is signed in at the start. [`sign_in_as`](TestProvider::sign_in_as) and
    /// [`authorize`](TestProvider::authorize) belong to providers without pages.
    ///
    /// ```
    /// use logto_testing::{InteractivePages, TestClock, TestProvider, User};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let provider = TestProvider::builder()
    ///     .user(User::new("grace").with_password("a password"))
    ///     .interactive(InteractivePages::new("My app"))
    ///     .clock(TestClock::running())
    ///     .start()
    ///     .await;
    /// println!("{} shows its users", provider.endpoint());
    /// # }
    /// ```
    pub fn interactive(mut self, pages: InteractivePages) -> Self {
        self.config.pages = Some(pages);
        self
    }

    /// Sets the clock, to share it with the code under test or to start at a fixed time.
    pub fn clock(mut self, clock: TestClock) -> Self {
        self.clock = clock;
        self
    }

    /// Starts the provider on an unused port of 127.0.0.1. The first user is signed in, unless the
    /// provider is [interactive](Self::interactive).
    ///
    /// # Panics
    ///
    /// If there is no unused port.
    pub async fn start(mut self) -> TestProvider {
        let config = &mut self.config;
        or_else(&mut config.redirect_uris, || {
            vec![defaults::DEFAULT_REDIRECT_URI.to_owned()]
        });
        or_else(&mut config.post_logout_redirect_uris, || {
            vec![defaults::DEFAULT_POST_LOGOUT_REDIRECT_URI.to_owned()]
        });
        or_else(&mut config.resources, || vec![defaults::DEFAULT_RESOURCE.to_owned()]);
        or_else(&mut config.organizations, defaults::organizations);
        or_else(&mut config.organization_roles, defaults::organization_roles);
        or_else(&mut self.users, defaults::users);
        let (config, users, clock) = self.into_parts();
        TestProvider::listen(config, users, clock).await
    }

    /// The settings without defaults for what the builder did not add.
    pub(crate) fn into_parts(self) -> (Config, Vec<User>, TestClock) {
        (self.config, self.users, self.clock)
    }
}

fn or_else<T>(list: &mut Vec<T>, default: impl FnOnce() -> Vec<T>) {
    if list.is_empty() {
        *list = default();
    }
}
