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
    /// of every page, and every script of the page can read it.** No session data reaches the
    /// browser in another way. The claims may take
    /// [`UserView::MAX_CLAIM_BYTES`]; those that do not fit are left out, and the log names them.
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
    /// The function runs for every page and must not wait. Data that takes a request belongs into
    /// the session ([`User::data`]), or into a resource of the page.
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
}
