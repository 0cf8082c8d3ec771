//! The routes: paths, parameters, texts, and the paths that are open to other sites.

use crate::{
    config::{WebConfig, paths::Paths},
    texts::Texts,
};

impl WebConfig {
    /// Sets the paths of the routes.
    #[must_use]
    pub fn with_paths(mut self, paths: Paths) -> Self {
        self.paths = paths;
        self
    }

    /// Sets the texts of components and of this crate's pages, and their languages.
    #[must_use]
    pub fn with_texts(mut self, texts: Texts) -> Self {
        self.texts = texts;
        self
    }

    /// Sets the page of the app for failed sign-ins, see [`Paths::with_error`].
    #[must_use]
    pub fn with_error_path(mut self, path: impl Into<String>) -> Self {
        self.paths = self.paths.with_error(path);
        self
    }

    /// Adds a page for single sign-on that begins at the identity provider (SAML). None by default.
    ///
    /// Enter its address, such as `https://app.example.com/sso`, as the client URL of the connector's
    /// IdP-initiated sign-in in the Logto console. Logto sends the browser there with
    /// `?ssoConnectorId=`, and the page starts a sign-in with that connector (`prompt=login`,
    /// `direct_sign_in=sso:…`) without a click. Afterwards the user is on the home page.
    ///
    /// Any site can open the page, and so start a sign-in that the user did not ask for. Without it,
    /// a link to the sign-in page does the same after a click. Logto's other mode, which sends a code
    /// to the callback unasked, is refused.
    ///
    /// ```
    /// # use logto_axum::WebConfig;
    /// # fn example(web: WebConfig) -> WebConfig {
    /// web.with_sso_entry("/sso")
    /// # }
    /// ```
    #[must_use]
    pub fn with_sso_entry(mut self, path: impl Into<String>) -> Self {
        self.paths = self.paths.with_sso_entry(path);
        self
    }

    /// Adds a path, with everything below it, that other sites may send forms and calls to: an API
    /// whose callers present a bearer token. None by default.
    ///
    /// A cross-site request to such a path is handled as if it carried no session.
    #[must_use]
    pub fn with_open_path(mut self, path: impl Into<String>) -> Self {
        self.open_paths.push(path.into());
        self
    }

    /// Adds a parameter of the authorization request that sign-in forms and links may set, beyond
    /// those of [`SignInOptions`](crate::SignInOptions). None by default.
    ///
    /// Rust code can set any parameter in its `SignInOptions`.
    #[must_use]
    pub fn with_extra_parameter(mut self, name: impl Into<String>) -> Self {
        self.extra_parameters.push(name.into());
        self
    }
}
