//! The view of the user that reaches the browser.

use std::sync::Arc;

use logto_requirements::UserView;

use crate::{
    config::WebConfig,
    user::{User, view::UserViewFunction},
};

impl WebConfig {
    /// Sets the function that decides what the browser knows about the user: the value of
    /// `use_user()` in `logto-leptos`.
    ///
    /// It gets the default view (id, name, email address, picture and organizations), and returns
    /// it with other or fewer fields, and with claims of the app. **Everything in it is in the HTML
    /// of every page, and every script of the page can read it.** Of the session, the components
    /// otherwise send only its state, the id of the active organization and the seconds until it
    /// ends. The claims may take [`UserView::MAX_CLAIM_BYTES`]; those that do not fit are left out,
    /// and the log names them.
    ///
    /// ```
    /// use logto_axum::{User, UserView, WebConfig};
    ///
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Account {
    ///     id: u64,
    ///     plan: String,
    /// }
    ///
    /// # fn example(web: WebConfig) -> WebConfig {
    /// web.with_user_view(|user: &User, mut view: UserView| {
    ///     view.email = None;
    ///     // The hook `on_sign_in` has put the account into the session.
    ///     let account = user.data::<Account>().ok().flatten();
    ///     view.with_claim("plan", account.map(|account| account.plan))
    ///         .with_claim("is_support", user.has_role("support"))
    /// })
    /// # }
    /// ```
    ///
    /// The function runs for every page and must not wait. Data that takes a request belongs in the
    /// session ([`User::data`]), or in a resource of the page. Do not call [`User::view`] in the
    /// function, because it calls the function.
    ///
    /// [`User`] gives no access to tokens, and a token is not serializable, so that none gets into
    /// the view by accident:
    ///
    /// ```compile_fail,E0277
    /// # use logto_axum::{AccessToken, WebConfig};
    /// # fn example(web: WebConfig, token: AccessToken) -> WebConfig {
    /// web.with_user_view(move |_, view| view.with_claim("token", &token.secret))
    /// # }
    /// ```
    #[must_use]
    pub fn with_user_view<F>(mut self, view: F) -> Self
    where
        F: Fn(&User, UserView) -> UserView + Send + Sync + 'static,
    {
        self.user_view = UserViewFunction(Arc::new(view));
        self
    }

    /// Sets whether a sign-in requests the names of the user's organizations. True by default.
    ///
    /// By default ID tokens of a Logto tenant list organizations by id only. If the ID token of a
    /// sign-in does so, the names are requested from userinfo and kept in the session, so that the
    /// organization switcher shows them: one more request for each sign-in of a user with
    /// organizations. No request is made if the tenant adds the claim `organization_data` to ID
    /// tokens. If userinfo does not answer within two seconds, pages show the ids.
    ///
    /// Names take at most 512 bytes of a session in cookies, a dozen organizations, and 16 kB of
    /// one in a store; pages show the ids of the others. The app can name them with
    /// [`UserView::with_organization_name`] in the function of [`WebConfig::with_user_view`].
    /// [`AuthSession::refresh_organizations`](crate::AuthSession::refresh_organizations) requests
    /// the names again.
    #[must_use]
    pub fn with_organization_names(mut self, organization_names: bool) -> Self {
        self.organization_names = organization_names;
        self
    }
}
