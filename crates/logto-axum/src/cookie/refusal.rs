//! The sealed text of a sign-in that the app refused. It travels in the address of the page that
//! shows it.

use logto::seal::Purpose;

use crate::{cookie::CookieJar, hooks::refusal::RefusedByApp};

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
