//! The sealed text of a sign-in that the app refused. It travels in the address of the page that
//! shows it.

use logto::seal::Purpose;

use crate::{cookie::CookieJar, hooks::refusal::RefusedByApp, session::AuthSession};

/// How long the page can be reloaded, in seconds.
const LIFETIME: u64 = 600;

impl CookieJar {
    /// Seals the text of a refusal.
    pub(crate) fn seal_refusal(&self, refused: &RefusedByApp) -> Option<String> {
        let expires = self.client.now().plus(LIFETIME);
        self.seal(Purpose::Refusal, &refused.code, refused.text.as_bytes(), expires)
    }

    /// Opens the text of a refusal with this code.
    pub(crate) fn open_refusal(&self, code: &str, sealed: &str) -> Option<RefusedByApp> {
        let context = self.context(Purpose::Refusal, code);
        let opened = self.sealer.open(context, sealed, self.client.now()).ok()?;
        Some(RefusedByApp {
            code: code.to_owned(),
            text: String::from_utf8(opened.payload().to_vec()).ok()?,
        })
    }
}

impl AuthSession {
    /// Opens the text of a [`SignInRefusal`](crate::SignInRefusal), for the app's own page for failed
    /// sign-ins. `code` and `sealed` are the parameters `code` and `refusal` of the page's query.
    ///
    /// The text is sealed, because any link could show its own text on the page otherwise. `None` if
    /// there is no such text, or if the refusal is older than ten minutes: show the advice for the
    /// code then.
    ///
    /// ```
    /// # use logto_axum::AuthSession;
    /// fn text(session: &AuthSession, code: &str, refusal: &str) -> String {
    ///     let text = session.refusal_text(code, refusal);
    ///     text.unwrap_or_else(|| session.advice(code).advice)
    /// }
    /// ```
    #[must_use]
    pub fn refusal_text(&self, code: &str, sealed: &str) -> Option<String> {
        self.jar().open_refusal(code, sealed).map(|refused| refused.text)
    }
}
