//! One check of the set-up: asks the provider about the application and the redirect URIs.

use std::{pin::pin, time::Duration};

use futures_util::future::{self, Either};
use logto::{Diagnose as _, Registration, SignOutError};

use super::{answers::AddressPurpose, finding::SetUpFinding};
use crate::logto::Logto;

/// How long a sign-in or a page waits to learn whether an address has been registered since the last
/// check.
pub(super) const MAX_WAIT: Duration = Duration::from_secs(2);

/// The result of one check.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) findings: Vec<SetUpFinding>,
    /// Whether the provider did not say if it knows one of the redirect URIs.
    pub(crate) is_undecided: bool,
}

impl Logto {
    /// Checks the set-up once: the cookie secret, the provider, and whether it knows the
    /// application and the redirect URIs.
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

    /// Checks the set-up, and keeps the findings for [`Logto::set_up_findings`].
    pub(crate) async fn check(&self) -> Report {
        self.shared.findings.note_check();
        let report = self.ask().await;
        self.shared.findings.set_checked(&report.findings);
        report
    }

    async fn ask(&self) -> Report {
        let (client, web) = (self.client(), &self.shared.web);
        let mut report = Report::default();
        if web.config.has_sample_secret() {
            report.findings.push(SetUpFinding::SampleCookieSecret);
        }
        if self.shared.sites.has_unknown_peer() {
            report.findings.push(SetUpFinding::PeerUnknown);
        }
        if let Err(error) = client.metadata().await {
            self.shared.answers.clear();
            report.findings.push(SetUpFinding::Provider(error));
            return report;
        }
        for address in self.shared.sites.addresses() {
            let redirect_uri = address.absolute(&web.paths().callback);
            match self.ask_registration(&with_a_host(&redirect_uri)).await {
                Registration::Registered => {}
                Registration::RedirectUriUnknown => {
                    report
                        .findings
                        .push(SetUpFinding::RedirectUriNotRegistered(redirect_uri));
                }
                Registration::ApplicationUnknown => {
                    let app_id = client.config().app_id().to_owned();
                    report.findings.push(SetUpFinding::ApplicationUnknown(app_id));
                    break;
                }
                _ => report.is_undecided = true,
            }
            let after_sign_out = address.absolute(&web.paths().after_sign_out);
            match self.ask_sign_out_registration(&with_a_host(&after_sign_out)).await {
                Registration::RedirectUriUnknown => {
                    let finding = SetUpFinding::PostSignOutRedirectUriNotRegistered(after_sign_out);
                    report.findings.push(finding);
                }
                Registration::Undecided => report.is_undecided = true,
                _ => {}
            }
        }
        report
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
