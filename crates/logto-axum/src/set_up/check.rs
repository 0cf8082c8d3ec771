//! One check of the set-up: asks the provider about the application and the redirect URIs.

use std::{pin::pin, time::Duration};

use futures_util::{
    StreamExt as _,
    future::{self, Either},
    stream,
};
use logto::{Diagnose as _, Registration, SignOutError};

use super::{
    answers::AddressPurpose,
    finding::SetUpFinding,
    flight::{PendingReport, Report},
};
use crate::{address::Address, config::paths::Paths, logto::Logto};

/// How long a sign-in or a page waits to learn whether an address has been registered since the last
/// check.
pub(super) const MAX_WAIT: Duration = Duration::from_secs(2);

/// Maximum number of base URLs that the provider is asked about at a time.
const MAX_CONCURRENT: usize = 8;

/// The redirect URIs of one base URL.
struct RedirectUris {
    sign_in: String,
    sign_out: String,
}

impl RedirectUris {
    fn of(address: &Address, paths: &Paths) -> Self {
        Self {
            sign_in: address.absolute(&paths.callback),
            sign_out: address.absolute(&paths.after_sign_out),
        }
    }

    fn questions(&self) -> [(AddressPurpose, String); 2] {
        [
            (AddressPurpose::SignIn, with_a_host(&self.sign_in)),
            (AddressPurpose::SignOut, with_a_host(&self.sign_out)),
        ]
    }
}

impl Logto {
    /// Checks the set-up once: the cookie secret, the provider, and whether it knows the
    /// application and the redirect URIs. Callers that arrive during a check share it.
    ///
    /// ```no_run
    /// # async fn example(logto: logto_axum::Logto) {
    /// for finding in logto.check_set_up().await {
    ///     eprintln!("{finding}");
    /// }
    /// # }
    /// ```
    pub async fn check_set_up(&self) -> Vec<SetUpFinding> {
        self.check().await.findings
    }

    /// Joins the check in flight, or starts one.
    pub(crate) async fn check(&self) -> Report {
        let report = match self.join_check_or(|| true) {
            Some(report) => report.await,
            None => None,
        };
        // The check panicked, or the runtime is shutting down.
        report.unwrap_or_else(|| Report {
            is_undecided: true,
            ..Report::default()
        })
    }

    /// Joins the check in flight. If there is none, starts one if `may_start` allows it.
    pub(super) fn join_check_or(&self, may_start: impl FnOnce() -> bool) -> Option<PendingReport> {
        self.shared.findings.note_check();
        let flight = &self.shared.check_flight;
        flight.join_or(|| may_start().then(|| self.clone().run_check()))
    }

    /// Checks the set-up, and keeps the findings for [`Logto::set_up_findings`].
    async fn run_check(self) -> Report {
        let sites = self.shared.sites.addresses();
        let paths = self.shared.web.paths();
        let uris: Vec<_> = sites.map(|address| RedirectUris::of(&address, paths)).collect();
        let answers = &self.shared.answers;
        answers.begin(uris.iter().flat_map(RedirectUris::questions));
        let report = self.ask(uris).await;
        answers.forget_unanswered();
        self.shared.findings.set_checked(&report.findings);
        report
    }

    async fn ask(&self, uris: Vec<RedirectUris>) -> Report {
        let (client, web) = (self.client(), &self.shared.web);
        let mut report = Report::default();
        if web.config.has_sample_secret() {
            report.findings.push(SetUpFinding::SampleCookieSecret);
        }
        if self.shared.sites.has_unknown_peer() {
            report.findings.push(SetUpFinding::PeerUnknown);
        }
        if let Err(error) = client.metadata().await {
            report.findings.push(SetUpFinding::Provider(error));
            return report;
        }
        let asked = stream::iter(uris).map(|uris| self.clone().ask_about(uris));
        let mut answered = asked.buffered(MAX_CONCURRENT);
        while let Some((uris, sign_in, sign_out)) = answered.next().await {
            match sign_in {
                Registration::Registered => {}
                Registration::RedirectUriUnknown => {
                    let finding = SetUpFinding::RedirectUriNotRegistered(uris.sign_in);
                    report.findings.push(finding);
                }
                Registration::ApplicationUnknown => {
                    let app_id = client.config().app_id().to_owned();
                    report.findings.push(SetUpFinding::ApplicationUnknown(app_id));
                    break;
                }
                _ => report.is_undecided = true,
            }
            match sign_out {
                Registration::RedirectUriUnknown => {
                    let finding = SetUpFinding::PostSignOutRedirectUriNotRegistered(uris.sign_out);
                    report.findings.push(finding);
                }
                Registration::Undecided => report.is_undecided = true,
                _ => {}
            }
        }
        report
    }

    async fn ask_about(self, uris: RedirectUris) -> (RedirectUris, Registration, Registration) {
        let sign_in = self.ask_registration(&with_a_host(&uris.sign_in)).await;
        let sign_out = match sign_in {
            Registration::ApplicationUnknown => sign_in,
            _ => self.ask_sign_out_registration(&with_a_host(&uris.sign_out)).await,
        };
        (uris, sign_in, sign_out)
    }

    /// Whether the provider does not know this redirect URI. The provider is asked only if an
    /// earlier check found the URI unregistered.
    pub(crate) async fn is_unregistered(&self, redirect_uri: &str) -> bool {
        if !self.shared.unregistered.contains(redirect_uri) {
            return false;
        }
        let clock = self.client().clock();
        let answer = pin!(self.ask_registration(redirect_uri));
        match future::select(answer, clock.sleep(MAX_WAIT)).await {
            Either::Left((registration, _)) => matches!(registration, Registration::RedirectUriUnknown),
            // Without an answer, the user goes to the provider, which checks the URI itself.
            Either::Right(_) => false,
        }
    }

    async fn ask_registration(&self, redirect_uri: &str) -> Registration {
        let registration = self.client().registration(redirect_uri).await.unwrap_or_else(|error| {
            tracing::debug!(
                code = error.code(),
                "the provider could not be asked about the redirect URI"
            );
            Registration::Undecided
        });
        let unregistered = &self.shared.unregistered;
        match registration {
            Registration::RedirectUriUnknown => unregistered.insert(redirect_uri),
            Registration::Registered => unregistered.remove(redirect_uri),
            _ => {}
        }
        let answers = &self.shared.answers;
        answers.set(AddressPurpose::SignIn, redirect_uri, registration);
        registration
    }

    async fn ask_sign_out_registration(&self, redirect_uri: &str) -> Registration {
        let registration = match self.client().sign_out_registration(redirect_uri).await {
            Ok(registration) => registration,
            // Without this endpoint, sign-out does not send the browser to the provider.
            Err(SignOutError::NoEndpoint(_)) => Registration::Registered,
            Err(error) => {
                tracing::debug!(
                    code = error.code(),
                    "the provider could not be asked about the post sign-out redirect URI"
                );
                Registration::Undecided
            }
        };
        let answers = &self.shared.answers;
        answers.set(AddressPurpose::SignOut, redirect_uri, registration);
        registration
    }
}

/// Replaces the wildcard with a host, because the provider accepts any label there.
pub(super) fn with_a_host(address: &str) -> String {
    address.replacen("://*.", "://logto-set-up-check.", 1)
}
