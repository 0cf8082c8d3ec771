//! The app of the pages' tests, with a provider in this process.

use std::collections::HashMap;

use leptos::prelude::LeptosOptions;
use logto_leptos::{Logto, ManagementClient};
use logto_testing::{Browser, MachineApp, Page, TestClock, TestProvider, TestProviderBuilder};

use crate::server::{Settings, router};

pub(super) const BASE: &str = "http://localhost:3000";

/// The variables of the machine app.
pub(super) const MANAGEMENT: [(&str, &str); 2] = [
    ("LOGTO_MANAGEMENT_APP_ID", "management"),
    ("LOGTO_MANAGEMENT_APP_SECRET", "a secret"),
];

/// The provider of the app and its machine app, to which tests add users.
pub(super) fn provider() -> TestProviderBuilder {
    TestProvider::builder()
        .client("app", "secret")
        .redirect_uri(&format!("{BASE}/callback"))
        .machine_app(MachineApp::new("management", "a secret").with_management_api())
        .clock(TestClock::running())
}

pub(super) struct App {
    pub(super) provider: TestProvider,
    pub(super) router: axum::Router,
    pub(super) logto: Logto,
    pub(super) management: ManagementClient,
}

impl App {
    /// Starts the app with these variables, besides those that every app needs.
    pub(super) async fn with(builder: TestProviderBuilder, more: &[(&str, &str)]) -> Self {
        let provider = builder.start().await;
        let variables = [
            ("LOGTO_ENDPOINT", provider.endpoint()),
            ("LOGTO_APP_ID", "app"),
            ("LOGTO_APP_SECRET", "secret"),
            ("LOGTO_COOKIE_SECRET", "a-cookie-secret-of-these-tests-long-enough"),
            ("LOGTO_BASE_URL", BASE),
        ];
        let variables = variables.iter().chain(more);
        let variables: HashMap<_, _> = variables
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let leptos = LeptosOptions::builder().output_name("quick-start").build();
        let settings = Settings::from_parts(leptos, "", &variables).unwrap();
        let logto = Logto::new(settings.logto.clone(), settings.web.clone()).unwrap();
        Self {
            router: router(settings, &logto).unwrap(),
            management: logto.client().machine("management", "a secret").management(),
            provider,
            logto,
        }
    }

    /// A browser without a session.
    pub(super) fn visitor(&self) -> Browser {
        Browser::of(self.router.clone()).at(BASE).with_provider(&self.provider)
    }

    /// A browser in which a user has signed in.
    pub(super) async fn signed_in(&self, user: &str) -> Browser {
        let browser = self.visitor();
        self.provider.sign_in_as(user);
        browser.post_form("/sign-in", [("return_to", "/profile")]).await;
        browser
    }

    pub(super) fn id(&self, user: &str) -> String {
        self.provider.user(user).id
    }
}

/// Calls a server function as a program does, which sees the status.
pub(super) async fn call(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    browser.fetch(path).form(fields.iter().copied()).await
}

pub(super) fn path_of(page: &Page) -> &str {
    page.path().split('?').next().unwrap_or_default()
}
