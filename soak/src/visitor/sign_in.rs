//! Signing in, through the pages of the provider.

use logto_testing::{BrowserCookie, Form, Page};

use super::{Visitor, network, session::Session};
use crate::{
    page::{self, Shown},
    provider::PASSWORD,
};

impl Visitor {
    pub(super) async fn sign_in(&mut self) {
        let home = self.browser.get("/").await;
        self.judge_page(&home);
        // A session in doubt may turn out to be alive.
        let Some(form) = form(&home, |form| form.action().path() == "/sign-in") else {
            return;
        };
        let (since, before) = (self.place.journal.now(), self.session_cookie());
        let mut page = self.browser.submit(&form).await;
        if let Some(form) = form_of_provider(&page) {
            let name = page::username(self.number);
            let form = form.with_field("username", &name).with_field("password", PASSWORD);
            page = self.browser.submit(&form.press("Sign in")).await;
        }
        let after = self.session_cookie();
        if after.is_some() && after.as_ref().map(BrowserCookie::value) != before.as_ref().map(BrowserCookie::value) {
            // The browser has the response to the callback: the app has acknowledged the session.
            self.session = Session::SignedIn { since };
            self.place.journal.count(|counts| counts.sign_ins += 1);
            self.judge_page(&page);
        } else {
            self.fail(&page);
        }
    }

    /// The app is not available, or a page of the app says why the sign-in has failed.
    fn fail(&mut self, page: &Page) {
        let status = network::status(page.status());
        let shown = match status {
            None => Shown::Outage(None),
            Some(status) if status.is_server_error() => Shown::Outage(Some(status.as_u16())),
            Some(status) => Shown::Refused(status.as_u16()),
        };
        // The path of the callback has an authorization code.
        let query = page
            .path()
            .strip_prefix("/auth-error")
            .and_then(|rest| rest.split_once("code="));
        let code = query.and_then(|(_, rest)| rest.split('&').next());
        let reason = code.map_or_else(|| "no page that says why".to_owned(), str::to_owned);
        let journal = &self.place.journal;
        journal.response(Some(shown));
        journal.count(|counts| *counts.failed_sign_ins.entry(reason).or_default() += 1);
    }
}

/// The provider's form for username and password.
fn form_of_provider(page: &Page) -> Option<Form> {
    form(page, |form| form.field("username").is_some())
}

pub(super) fn form(page: &Page, is_wanted: impl Fn(&Form) -> bool) -> Option<Form> {
    page.forms().into_iter().find(is_wanted)
}
