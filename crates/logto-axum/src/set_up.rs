//! The self-check: what is wrong with the set-up and only shows when the app runs.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use logto::{Diagnose, Diagnosis, DiscoveryError, Fault, Registration, SignOutError};

use crate::{address::sites::PEER_UNKNOWN, logto::Logto};

/// Something is wrong with the set-up as it runs. The text says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetUpFinding {
    /// The cookie secret is the one of the documentation. Beyond this machine it is refused.
    #[error(
        "a cookie secret is the one of the documentation, which everybody knows; make one with `openssl rand -base64 32` before others \
         use this app"
    )]
    SampleCookieSecret,
    /// The provider cannot be reached, or is not what it should be. The app runs on; nobody can
    /// sign in until that is mended.
    #[error("nobody can sign in at the moment: {0}")]
    Provider(DiscoveryError),
    /// The provider does not know the redirect URI, which is given.
    #[error(
        "the provider does not know the redirect URI {0}: register exactly this address for the application in the Logto console; until \
         then nobody can sign in"
    )]
    RedirectUriNotRegistered(String),
    /// The provider does not know the post sign-out redirect URI, which is given.
    #[error(
        "the provider does not know the post sign-out redirect URI {0}: register exactly this address, with or without a slash at the end \
         as it stands here, for the application in the Logto console; until then each sign-out ends on an error page of the provider"
    )]
    PostSignOutRedirectUriNotRegistered(String),
    /// The provider does not know the application, whose id is given.
    #[error("the provider does not know the application `{0}`: compare `app_id` and `endpoint` with the Logto console")]
    ApplicationUnknown(String),
    /// A request came without the address of its peer, so that `trusted_proxies` has no effect.
    /// Found once requests have come.
    #[error("{}", PEER_UNKNOWN)]
    PeerUnknown,
}

impl Diagnose for SetUpFinding {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::SampleCookieSecret => Diagnosis::new("cookie_secret_sample", Fault::Configuration),
            Self::Provider(error) => error.diagnosis(),
            Self::RedirectUriNotRegistered(_) => Diagnosis::new("redirect_uri_not_registered", Fault::Configuration),
            Self::PostSignOutRedirectUriNotRegistered(_) => {
                Diagnosis::new("post_sign_out_redirect_uri_not_registered", Fault::Configuration)
            }
            Self::ApplicationUnknown(_) => Diagnosis::new("application_unknown", Fault::Configuration),
            Self::PeerUnknown => Diagnosis::new("peer_unknown", Fault::Configuration),
        }
    }
}

/// Redirect URIs that the provider does not know, as far as somebody has asked it.
#[derive(Default)]
pub(crate) struct UnregisteredUris(Mutex<BTreeSet<String>>);

impl UnregisteredUris {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Longest wait of a sign-in for the answer whether its redirect URI is registered by now.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Between two looks, at first.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// Between two looks at most, while nobody can sign in.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The same while the provider only does not say whether it knows the redirect URI: sign-in may
/// well work.
const LONGEST_PAUSE_IN_DOUBT: Duration = Duration::from_secs(3600);

/// What a look at the set-up brought.
#[derive(Default)]
struct Look {
    findings: Vec<SetUpFinding>,
    /// The provider has not said whether it knows a redirect URI, of sign-in or of sign-out.
    in_doubt: bool,
}

impl Logto {
    /// Looks at the set-up once: the cookie secret, the provider, whether it knows the application
    /// and the redirect URIs.
    ///
    /// ```no_run
    /// # async fn example(logto: logto_axum::Logto) {
    /// for finding in logto.check_set_up().await {
    ///     eprintln!("{finding}");
    /// }
    /// # }
    /// ```
    pub async fn check_set_up(&self) -> Vec<SetUpFinding> {
        self.look().await.findings
    }

    async fn look(&self) -> Look {
        let (client, web) = (self.client(), &self.shared.web);
        let mut look = Look::default();
        if web.config.has_sample_secret() {
            look.findings.push(SetUpFinding::SampleCookieSecret);
        }
        if self.shared.sites.has_unknown_peer() {
            look.findings.push(SetUpFinding::PeerUnknown);
        }
        if let Err(error) = client.metadata().await {
            look.findings.push(SetUpFinding::Provider(error));
            return look;
        }
        for address in self.shared.sites.addresses() {
            let redirect_uri = address.absolute(&web.paths().callback);
            match self.ask_registration(&with_a_host(&redirect_uri)).await {
                Registration::Registered => {}
                Registration::RedirectUriUnknown => {
                    look.findings.push(SetUpFinding::RedirectUriNotRegistered(redirect_uri));
                }
                Registration::ApplicationUnknown => {
                    let app_id = client.config().app_id().to_owned();
                    look.findings.push(SetUpFinding::ApplicationUnknown(app_id));
                    break;
                }
                _ => look.in_doubt = true,
            }
            let after_sign_out = address.absolute(&web.paths().after_sign_out);
            match self.ask_sign_out_registration(&with_a_host(&after_sign_out)).await {
                Registration::RedirectUriUnknown => {
                    let finding = SetUpFinding::PostSignOutRedirectUriNotRegistered(after_sign_out);
                    look.findings.push(finding);
                }
                Registration::Undecided => look.in_doubt = true,
                _ => {}
            }
        }
        look
    }

    /// Looks at the set-up and logs what is wrong, each finding once, until the provider could be
    /// asked and has answered. Spawn it at start: the app serves meanwhile, and no request waits
    /// for it.
    ///
    /// ```no_run
    /// # fn example(logto: &logto_axum::Logto) {
    /// tokio::spawn(logto.clone().watch_set_up());
    /// # }
    /// ```
    pub async fn watch_set_up(self) {
        let paths = self.shared.web.paths();
        for address in self.shared.sites.addresses() {
            tracing::info!(
                redirect_uri = address.absolute(&paths.callback),
                post_sign_out_redirect_uri = address.absolute(&paths.after_sign_out),
                backchannel_logout_uri = address.absolute(&paths.backchannel_logout),
                "addresses to register in the Logto console; of the back-channel logout URIs one"
            );
        }
        let mut told = Told::default();
        let mut pause = FIRST_PAUSE;
        while let Some(longest) = told.log(self.look().await) {
            tokio::time::sleep(pause.min(longest)).await;
            pause = longest.min(pause * 2);
        }
    }

    /// Whether the provider was found not to know this redirect URI, and still does not. Costs
    /// nothing unless it was found.
    pub(crate) async fn is_unregistered(&self, redirect_uri: &str) -> bool {
        if !self.shared.unregistered.lock().contains(redirect_uri) {
            return false;
        }
        let answer = tokio::time::timeout(LONGEST_WAIT, self.ask_registration(redirect_uri)).await;
        // In doubt the user goes to the provider, which knows.
        matches!(answer, Ok(Registration::RedirectUriUnknown))
    }

    async fn ask_registration(&self, redirect_uri: &str) -> Registration {
        let registration = self.client().registration(redirect_uri).await.unwrap_or_else(|error| {
            tracing::debug!(
                code = error.code(),
                "the provider could not be asked about the redirect URI"
            );
            Registration::Undecided
        });
        let mut unregistered = self.shared.unregistered.lock();
        match registration {
            Registration::RedirectUriUnknown => {
                unregistered.insert(redirect_uri.to_owned());
            }
            Registration::Registered => {
                unregistered.remove(redirect_uri);
            }
            _ => {}
        }
        registration
    }

    async fn ask_sign_out_registration(&self, redirect_uri: &str) -> Registration {
        match self.client().sign_out_registration(redirect_uri).await {
            Ok(registration) => registration,
            // Sign-out never leads to such a provider.
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

/// What was logged already.
#[derive(Default)]
struct Told {
    findings: Vec<SetUpFinding>,
    /// The provider could not be used when it was last asked.
    provider_is_away: bool,
}

impl Told {
    /// Logs what is new, and says how soon to look again at the latest: while the provider cannot
    /// be used, or has not said what it was asked.
    fn log(&mut self, look: Look) -> Option<Duration> {
        let was_away = self.provider_is_away;
        self.provider_is_away = look
            .findings
            .iter()
            .any(|finding| matches!(finding, SetUpFinding::Provider(_)));
        for finding in look.findings {
            // The reason may change from try to try: it is one fault all the same.
            let is_known = was_away && matches!(finding, SetUpFinding::Provider(_));
            if !is_known && !self.findings.contains(&finding) {
                tracing::warn!(code = finding.code(), "{finding}");
                self.findings.push(finding);
            }
        }
        if was_away && !self.provider_is_away {
            tracing::info!(code = "provider_is_back", "the provider can be used again");
        }
        if self.provider_is_away {
            Some(LONGEST_PAUSE)
        } else {
            look.in_doubt.then_some(LONGEST_PAUSE_IN_DOUBT)
        }
    }
}

/// For a wildcard any host below it can be asked about.
fn with_a_host(address: &str) -> String {
    address.replacen("://*.", "://logto-set-up-check.", 1)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use logto::{LogtoConfig, RequestError};
    use logto_testing::{Endpoint, HttpFault, TestProvider};
    use tracing::{Event, Level, Metadata, Subscriber, span};

    use super::*;
    use crate::config::{WebConfig, paths::Paths};

    /// Levels of what was logged.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<Level>>>);

    impl Subscriber for Log {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            *metadata.level() <= Level::INFO
        }
        fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(1)
        }
        fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
        fn event(&self, event: &Event<'_>) {
            self.0.lock().unwrap().push(*event.metadata().level());
        }
        fn enter(&self, _: &span::Id) {}
        fn exit(&self, _: &span::Id) {}
    }

    #[test]
    fn a_provider_that_is_away_is_logged_once_and_once_that_it_is_back() {
        let log = Log::default();
        let unreachable = || SetUpFinding::Provider(RequestError::Unreachable.into());
        let timed_out = || SetUpFinding::Provider(RequestError::TimedOut.into());
        let looks_again = tracing::subscriber::with_default(log.clone(), || {
            let mut told = Told::default();
            let rounds = [vec![unreachable()], vec![timed_out()], vec![unreachable()], vec![]];
            rounds.map(|findings| {
                let look = Look {
                    findings,
                    in_doubt: false,
                };
                told.log(look).is_some()
            })
        });
        assert_eq!(looks_again, [true, true, true, false]);
        assert_eq!(*log.0.lock().unwrap(), [Level::WARN, Level::INFO]);
    }

    /// Busy at that moment, it may know the redirect URI or not.
    #[tokio::test]
    async fn a_provider_that_has_not_said_whether_it_knows_the_callback_is_asked_again() {
        let provider = TestProvider::builder().client("app", "secret").start().await;
        let config = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret());
        let web = WebConfig::new("http://localhost:3000", ["a secret of these tests, long enough".into()])
            .with_paths(Paths::default().with_callback("/elsewhere"));
        let logto = Logto::new(config, web).unwrap();
        let mut told = Told::default();
        for fault in [HttpFault::Status(503), HttpFault::Reset] {
            provider.fault(fault.at(Endpoint::Authorization));
            assert_eq!(told.log(logto.look().await), Some(LONGEST_PAUSE_IN_DOUBT));
            provider.clear_faults();
        }
        assert_eq!(told.log(logto.look().await), None);
        let expected = SetUpFinding::RedirectUriNotRegistered("http://localhost:3000/elsewhere".into());
        assert_eq!(told.findings, [expected]);
    }
}
