//! The paths of the routes.

use http::Method;

/// The paths of the routes, below the base URL.
///
/// ```
/// use logto_axum::Paths;
///
/// let paths = Paths::default().with_sign_in("/auth/sign-in").with_callback("/auth/callback");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    pub(crate) sign_in: String,
    pub(crate) callback: String,
    pub(crate) sign_out: String,
    pub(crate) after_sign_out: String,
    pub(crate) organization: String,
    pub(crate) backchannel_logout: String,
    pub(crate) session_script: String,
    /// `None`: no sign-in begins at an identity provider.
    pub(crate) sso_entry: Option<String>,
    /// `None`: the app receives no webhooks. [`WebhookConfig`](crate::WebhookConfig) sets it.
    pub(crate) webhook: Option<String>,
    /// `None`: a plain page of this crate.
    pub(crate) error: Option<String>,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            sign_in: "/sign-in".into(),
            callback: "/callback".into(),
            sign_out: "/sign-out".into(),
            after_sign_out: "/".into(),
            organization: "/organization".into(),
            backchannel_logout: "/backchannel-logout".into(),
            session_script: "/logto-session.js".into(),
            sso_entry: None,
            webhook: None,
            error: None,
        }
    }
}

impl Paths {
    /// Whether this is the path of a route of this crate.
    pub(crate) fn are_own(&self, path: &str) -> bool {
        let own = [
            &self.sign_in,
            &self.callback,
            &self.sign_out,
            &self.organization,
            &self.backchannel_logout,
            &self.session_script,
        ];
        own.into_iter()
            .chain(&self.sso_entry)
            .chain(&self.webhook)
            .any(|own| own == path)
    }

    /// Whether a route of this crate serves this request. At the organization path only `POST` is
    /// ours, so an app may serve its own page there by `GET`.
    pub(crate) fn serve(&self, method: &Method, path: &str) -> bool {
        let is_organization = path == self.organization;
        self.are_own(path) && (!is_organization || method == Method::POST)
    }

    /// Sets the path that starts a sign-in, by `POST`. `/sign-in` by default.
    #[must_use]
    pub fn with_sign_in(mut self, path: impl Into<String>) -> Self {
        self.sign_in = path.into();
        self
    }

    /// Sets the path of the redirect URI, which is registered in the Logto console. `/callback` by
    /// default.
    #[must_use]
    pub fn with_callback(mut self, path: impl Into<String>) -> Self {
        self.callback = path.into();
        self
    }

    /// Sets the path that signs out, by `POST`. `/sign-out` by default.
    #[must_use]
    pub fn with_sign_out(mut self, path: impl Into<String>) -> Self {
        self.sign_out = path.into();
        self
    }

    /// Sets the page where the provider sends the user after sign-out. Its address is registered in
    /// the Logto console. `/` by default.
    #[must_use]
    pub fn with_after_sign_out(mut self, path: impl Into<String>) -> Self {
        self.after_sign_out = path.into();
        self
    }

    /// Sets the path that sets the active organization, by `POST`. `/organization` by default.
    ///
    /// The form has the field `organization_id`, which is empty for none, and optionally
    /// `return_to`. A page of the app may have the same path, because it is opened by `GET`.
    #[must_use]
    pub fn with_organization(mut self, path: impl Into<String>) -> Self {
        self.organization = path.into();
        self
    }

    /// Sets the path that receives logouts from the provider, by `POST`: the back-channel logout
    /// URI, which is registered in the Logto console. `/backchannel-logout` by default.
    #[must_use]
    pub fn with_backchannel_logout(mut self, path: impl Into<String>) -> Self {
        self.backchannel_logout = path.into();
        self
    }

    /// Sets the path of the script with which other tabs notice a sign-out. `/logto-session.js` by
    /// default.
    #[must_use]
    pub fn with_session_script(mut self, path: impl Into<String>) -> Self {
        self.session_script = path.into();
        self
    }

    /// Sets the path at which single sign-on that begins at the identity provider comes in, see
    /// [`WebConfig::with_sso_entry`](crate::WebConfig::with_sso_entry). None by default.
    #[must_use]
    pub fn with_sso_entry(mut self, path: impl Into<String>) -> Self {
        self.sso_entry = Some(path.into());
        self
    }

    /// Sets the page of the app for failed sign-ins. By default a plain page of this crate.
    ///
    /// The page is opened with `?code=` and a stable code, see [`advice`](crate::advice()), and
    /// with `retry_after` in seconds if the provider named a delay or the session store is
    /// unavailable, see [`try_again_in`](crate::try_again_in).
    #[must_use]
    pub fn with_error(mut self, path: impl Into<String>) -> Self {
        self.error = Some(path.into());
        self
    }

    /// The path that starts a sign-in, by `POST`.
    #[must_use]
    pub fn sign_in(&self) -> &str {
        &self.sign_in
    }

    /// The path that signs out, by `POST`.
    #[must_use]
    pub fn sign_out(&self) -> &str {
        &self.sign_out
    }

    /// The path that sets the active organization, by `POST`.
    #[must_use]
    pub fn organization(&self) -> &str {
        &self.organization
    }

    /// The path of the script with which other tabs notice a sign-out.
    #[must_use]
    pub fn session_script(&self) -> &str {
        &self.session_script
    }
}
