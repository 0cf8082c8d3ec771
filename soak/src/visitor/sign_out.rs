//! Signing out, and trying the cookie of a session that has ended.

use super::{Visitor, network, session::Session, sign_in::form};
use crate::{
    journal::ViolationKind,
    page::{self, Shown},
};

/// Cookies that a visitor keeps to try them later.
const OLD_COOKIES: usize = 3;

impl Visitor {
    pub(super) async fn sign_out(&mut self) {
        let old = self.session_cookie();
        let page = self.browser.post_form("/sign-out", []).await;
        let Some(confirmation) = form(&page, |form| form.field("xsrf").is_some()) else {
            // An outage, or a lost response.
            if let Session::SignedIn { since } = self.session {
                self.session = Session::InDoubt { since };
            }
            let status = network::status(page.status()).map(|status| status.as_u16());
            self.place.journal.response(Some(Shown::Outage(status)));
            return;
        };
        self.session = Session::SignedOut;
        self.place.journal.count(|counts| counts.sign_outs += 1);
        self.old_cookies.extend(old);
        if self.old_cookies.len() > OLD_COOKIES {
            self.old_cookies.remove(0);
        }
        let home = self.browser.submit(&confirmation.press("Sign out")).await;
        self.judge_page(&home);
    }

    /// Opens a page with the cookie of a session that has ended, as its thief would.
    pub(super) async fn replay_old_cookie(&mut self) {
        let Some(cookie) = self.old_cookies.last().cloned() else {
            return;
        };
        let thief = Self::browser(&self.place);
        thief.add_cookies([cookie]);
        let page = thief.get("/sessions").await;
        let shown = page::of_page(self.number, network::status(page.status()), page.body());
        let journal = &self.place.journal;
        journal.response(shown.as_ref().ok().copied());
        journal.count(|counts| counts.replays += 1);
        if !matches!(
            shown,
            Ok(Shown::SignedOut | Shown::SignInNeeded | Shown::Outage(_) | Shown::Refused(_))
        ) {
            let detail = format!("a copied cookie still works: {shown:?}");
            journal.violation(ViolationKind::RevivedAfterSignOut, Some(self.number), detail);
        }
    }
}
