//! The self-check: finds problems of the set-up that show only at run time.

pub(crate) mod findings;
pub(crate) mod unregistered;
mod watch;

use std::{pin::pin, time::Duration};

use futures_util::future::{self, Either};
use logto::{Diagnose, Diagnosis, DiscoveryError, Fault, Registration, SignOutError};

use crate::{address::sites::PEER_UNKNOWN, logto::Logto};

/// A problem of the set-up that shows only at run time. Its text says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetUpFinding {
    /// A cookie secret is copied from the documentation. Beyond this machine it is rejected.
    #[error(
        "a cookie secret is copied from the documentation, which is public; create one with `openssl rand \
         -base64 32` before others use this app"
    )]
    SampleCookieSecret,
    /// The provider is unavailable, or its metadata is invalid. Sign-in fails until that is fixed;
    /// the app keeps running.
    #[error("sign-in fails at the moment: {0}")]
    Provider(DiscoveryError),
    /// The provider does not know this redirect URI.
    #[error(
        "the provider does not know the redirect URI {0}: register exactly this address for the application in \
         the Logto console; until then sign-in fails"
    )]
    RedirectUriNotRegistered(String),
    /// The provider does not know this post sign-out redirect URI.
    #[error(
        "the provider does not know the post sign-out redirect URI {0}: register exactly this address, with or \
         without a slash at the end as it stands here, for the application in the Logto console; until then \
         each sign-out ends on an error page of the provider"
    )]
    PostSignOutRedirectUriNotRegistered(String),
    /// The provider does not know the application with this id.
    #[error("the provider does not know the application `{0}`: compare `app_id` and `endpoint` with the Logto console")]
    ApplicationUnknown(String),
    /// A request came without its peer's address, so trusted proxies have no effect. This can be
    /// found only once there have been requests.
    #[error("{}", PEER_UNKNOWN)]
    PeerUnknown,
    /// The router has no route for this path of the crate.
    #[error(
        "the router has no route for {0}, so sign-in or sign-out fails: add `.with_logto(&logto)` to the router, \
         or `.merge(logto.routes())` before the layer"
    )]
    RouteMissing(String),
    /// A page uses the default path of a route that the configuration moved.
    #[error(
        "a page uses {from}, but the configuration moved this route to {to}: put `<LogtoProvider>` around the \
         router, which tells the components the paths, or set `action=\"{to}\"` on the form (`src` on `SessionWatch`)"
    )]
    RouteMoved {
        /// The path that was requested.
        from: String,
        /// The configured path.
        to: String,
    },
    /// The layer does not know the server functions of the app.
    #[error(
        "the layer does not know the server functions, so it neither rejects cross-site calls by GET nor limits \
         bodies: add `.with_logto(&logto)` to the router, or `.with_server_functions(server_functions())` to the \
         layer"
    )]
    ServerFunctionsUnknown,
    /// The self-check was not started.
    #[error(
        "the set-up is not checked, so an address that is not registered shows only when a sign-in fails: add \
         `.with_logto(&logto)` to the router, or `tokio::spawn(logto.clone().watch_set_up());` at start"
    )]
    NotChecked,
    /// A page that Leptos renders did not send the policy with its nonce.
    #[error(
        "a page did not send its nonce with the content security policy, so browsers run none of its inline \
         scripts and nothing is hydrated: put `<LogtoProvider>` around the router, or call \
         `logto_leptos::send_content_security_policy(&options);` in the shell"
    )]
    PolicyNotSent,
    /// The component `LogtoProvider` is missing.
    #[error(
        "`<LogtoProvider>` is missing, so pages notice no sign-out in other tabs, and components do not know the \
         paths of the routes: put `<LogtoProvider>` around the `<Router>`"
    )]
    ProviderMissing,
}

impl Diagnose for SetUpFinding {
    fn diagnosis(&self) -> Diagnosis {
        let code = match self {
            Self::Provider(error) => return error.diagnosis(),
            Self::SampleCookieSecret => "cookie_secret_sample",
            Self::RedirectUriNotRegistered(_) => "redirect_uri_not_registered",
            Self::PostSignOutRedirectUriNotRegistered(_) => "post_sign_out_redirect_uri_not_registered",
            Self::ApplicationUnknown(_) => "application_unknown",
            Self::PeerUnknown => "peer_unknown",
            Self::RouteMissing(_) => "route_missing",
            Self::RouteMoved { .. } => "route_moved",
            Self::ServerFunctionsUnknown => "server_functions_unknown",
            Self::NotChecked => "set_up_not_checked",
            Self::PolicyNotSent => "policy_not_sent",
            Self::ProviderMissing => "provider_missing",
        };
        Diagnosis::new(code, Fault::Configuration)
    }
}

/// How long a sign-in waits to learn whether its redirect URI has been registered since the last
/// check.
const MAX_WAIT: Duration = Duration::from_secs(2);

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
        registration
    }

    async fn ask_sign_out_registration(&self, redirect_uri: &str) -> Registration {
        match self.client().sign_out_registration(redirect_uri).await {
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
        }
    }
}

/// Replaces the wildcard with a host, because the provider accepts any label there.
fn with_a_host(address: &str) -> String {
    address.replacen("://*.", "://logto-set-up-check.", 1)
}
