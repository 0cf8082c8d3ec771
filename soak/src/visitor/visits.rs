//! Pages and server functions.

use logto_testing::Page;

use super::{Visitor, network};
use crate::{
    page::{self, Shown},
    provider::{ORGANIZATIONS, RESOURCE},
};

/// Pages that need the user. Two of them get tokens while they are rendered.
const PAGES: [&str; 6] = [
    "/",
    "/profile",
    "/sessions",
    "/resources",
    "/organizations",
    "/streaming",
];

impl Visitor {
    pub(super) async fn open_page(&mut self) {
        let path = PAGES[self.rng.usize(..PAGES.len())];
        let page = self.browser.get(path).await;
        self.judge_page(&page);
    }

    pub(super) async fn read_claims(&mut self) {
        let answer = self.browser.fetch("/fn/claims").form([]).await;
        self.judge_answer(&answer);
    }

    /// Gets an access token for an organization, or for the API resource. Both are JWTs whose claims
    /// name the user.
    pub(super) async fn get_token(&mut self, organization: &str) {
        let resource = if organization.is_empty() { RESOURCE } else { "" };
        let form = [("resource", resource), ("organization_id", organization)];
        let answer = self.browser.fetch("/fn/access-token").form(form).await;
        self.judge_answer(&answer);
    }

    /// Opens two pages and gets a token at the same time, so that both instances refresh.
    pub(super) async fn open_two_tabs(&mut self) {
        let browser = self.browser.clone();
        let form = [("resource", RESOURCE), ("organization_id", "")];
        let token = async { browser.fetch("/fn/access-token").form(form).await };
        let tabs = async {
            tokio::join!(async { browser.get("/").await }, async {
                browser.get("/profile").await
            })
        };
        let (token, (first, second)) = tokio::join!(token, tabs);
        let (number, status) = (self.number, |page: &Page| network::status(page.status()));
        let mut responses = [
            (page::of_function(number, status(&token), token.body()), token),
            (page::of_page(number, status(&first), first.body()), first),
            (page::of_page(number, status(&second), second.body()), second),
        ];
        // They have no order: the grant may have ended between two of them.
        responses.sort_by_key(|(shown, _)| *shown != Ok(Shown::User));
        for (shown, page) in responses {
            self.judge(shown, &page);
        }
    }

    pub(super) fn organization(&mut self) -> &'static str {
        ORGANIZATIONS[self.rng.usize(..ORGANIZATIONS.len())]
    }
}
