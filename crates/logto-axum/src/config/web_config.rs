//! [`WebConfig`] and its defaults.

use std::{sync::Arc, time::Duration};

use logto::{
    SecretString,
    session::{Lifetimes, store::SessionStore},
};

use crate::{
    config::{paths::Paths, security_headers::SecurityHeaders},
    cookie::budget,
    hooks::Hooks,
    texts::Texts,
    user::view::UserViewFunction,
    webhook::config::WebhookConfig,
};

/// The settings of the web side: addresses, cookies, routes and the session store.
///
/// [`Logto::new`](crate::Logto::new) checks the configuration and reports all problems at once.
///
/// ```
/// use logto_axum::{Paths, WebConfig};
///
/// let web = WebConfig::new("https://app.example.com", ["a secret of thirty-two bytes or more".into()])
///     .with_further_base_url("https://app.example.org")
///     .with_paths(Paths::default().with_error("/auth-error"));
/// ```
#[doc(alias = "LogtoNextConfig")]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of an app")]
#[derive(Clone, Debug)]
pub struct WebConfig {
    pub(crate) base_url: String,
    pub(crate) further_base_urls: Vec<String>,
    pub(crate) allow_http: bool,
    pub(crate) trusted_proxies: Vec<String>,
    pub(crate) cookie_secrets: Vec<SecretString>,
    /// `None`: `Secure` if the base URL is https.
    pub(crate) cookie_secure: Option<bool>,
    pub(crate) lifetimes: Lifetimes,
    /// `None`: sessions are in cookies.
    pub(crate) store: Option<Arc<dyn SessionStore>>,
    /// `None`: the deny list is in `store`, or else in the memory of this process.
    pub(crate) deny_list: Option<Arc<dyn SessionStore>>,
    pub(crate) sweep_interval: Duration,
    pub(crate) cookie_budget: usize,
    pub(crate) refresh_before: u64,
    pub(crate) active_organization_by_default: bool,
    pub(crate) silent_sign_in: bool,
    /// `None`: the app has not decided, and sends none.
    pub(crate) security_headers: Option<SecurityHeaders>,
    pub(crate) next_js_cookie_secret: Option<SecretString>,
    pub(crate) open_paths: Vec<String>,
    pub(crate) extra_parameters: Vec<String>,
    pub(crate) paths: Paths,
    pub(crate) texts: Texts,
    pub(crate) hooks: Hooks,
    /// `None`: the app receives no webhooks.
    pub(crate) webhooks: Option<WebhookConfig>,
    pub(crate) user_view: UserViewFunction,
    pub(crate) organization_names: bool,
}

impl WebConfig {
    /// Creates a configuration with the defaults.
    ///
    /// `base_url` is the address that users type: scheme, host, port and, for an app below a path,
    /// the path. Requests do not change it. Nest an app below a path there (`Router::nest`), or let
    /// a proxy strip the path; cookies are set for the path only.
    ///
    /// `cookie_secrets` seal the cookies, see [`WebConfig::with_cookie_secrets`].
    #[doc(alias = "baseUrl")]
    #[must_use]
    pub fn new(base_url: impl Into<String>, cookie_secrets: impl IntoIterator<Item = SecretString>) -> Self {
        Self {
            base_url: base_url.into(),
            further_base_urls: Vec::new(),
            allow_http: false,
            trusted_proxies: Vec::new(),
            cookie_secrets: cookie_secrets.into_iter().collect(),
            cookie_secure: None,
            lifetimes: Lifetimes::default(),
            store: None,
            deny_list: None,
            sweep_interval: Duration::from_secs(600),
            cookie_budget: budget::SESSION,
            refresh_before: 30,
            active_organization_by_default: false,
            silent_sign_in: false,
            security_headers: None,
            next_js_cookie_secret: None,
            open_paths: Vec::new(),
            extra_parameters: Vec::new(),
            paths: Paths::default(),
            texts: Texts::default(),
            hooks: Hooks::default(),
            webhooks: None,
            user_view: UserViewFunction::default(),
            organization_names: true,
        }
    }
}
