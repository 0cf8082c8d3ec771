//! [`Logto`], the shared state of an application.
//!
//! Its other methods are in the files of their subjects: `layer`, `routes` and `extract`.

use std::{
    fmt,
    sync::{Arc, Once},
    time::Duration,
};

use logto::{
    ActingTokens, Environment, LogtoClient, LogtoConfig, ManagementClient, SignInOptions,
    seal::Sealer,
    session::{
        DenyList, Lifetimes, Refresher, StoredSessions,
        store::{MemoryStore, ObservedStore, SessionStore, StoreKind},
    },
    telemetry::count_session,
};
use url::form_urlencoded;

use crate::{
    address::{
        Address,
        sites::{Addresses, Sites},
    },
    config::{WebConfig, check::CheckedWebConfig},
    cookie::CookieJar,
    error::SetUpError,
    guard::refusal_log::RefusalLog,
    headers::{
        csp::ContentSecurityPolicy,
        security::{self, ResponseHeaders},
    },
    health::HealthState,
    hooks::session_end::{SessionEndEvent, SessionEndReason},
    require::problem_log::ProblemLog,
    routes::unverified_logouts::UnverifiedLogouts,
    session::refetch_limit::RefetchLimit,
    set_up::{answers::Answers, findings::Findings, flight::CheckFlight, unregistered::UnregisteredUris},
    sweep::Sweeper,
    texts::Translations,
    webhook::config::WebhookConfig,
};

/// Sign-in for one application. Make one at start; it is cheap to clone.
#[derive(Clone)]
pub struct Logto {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) client: LogtoClient,
    pub(crate) web: CheckedWebConfig,
    pub(crate) sites: Sites,
    pub(crate) headers: ResponseHeaders,
    /// `None` if sessions are in cookies.
    pub(crate) stored: Option<StoredSessions>,
    /// Where sessions are kept, for metrics.
    pub(crate) store_kind: StoreKind,
    /// Sessions that have ended although a browser may still have their cookies.
    pub(crate) deny_list: DenyList,
    /// Shared by all requests of the process, so that concurrent requests of a session share a
    /// refresh.
    pub(crate) refresher: Refresher,
    /// `None` if no app for the Management API is configured.
    pub(crate) management: Option<ManagementClient>,
    /// Tokens of other users, while users act as these.
    pub(crate) acting_tokens: ActingTokens,
    /// Sweeps the session store or, without one, the store of the deny list.
    pub(crate) sweeper: Sweeper,
    pub(crate) health: HealthState,
    /// Redirect URIs that the self-check found to be unregistered.
    pub(crate) unregistered: UnregisteredUris,
    /// The provider's answers about the addresses of the app.
    pub(crate) answers: Answers,
    /// The self-check in flight.
    pub(crate) check_flight: CheckFlight,
    /// Requests that the guard refused.
    pub(crate) refusals: RefusalLog,
    /// Requirements of browsers that could not be checked.
    pub(crate) requirement_problems: ProblemLog,
    /// Findings about the set-up.
    pub(crate) findings: Findings,
    /// Starts the self-check once.
    pub(crate) set_up_watch: Once,
    /// Logouts that wait for the provider's keys.
    pub(crate) unverified_logouts: UnverifiedLogouts,
    pub(crate) translations: Translations,
    /// Sessions whose claims a page has requested just now.
    pub(crate) refetches: RefetchLimit,
}

impl Logto {
    /// Creates the shared state with the system's clock, randomness and network. It sends no
    /// request, so the app starts while the provider is down.
    ///
    /// # Errors
    ///
    /// All problems of the configuration at once, or the reason why the TLS client cannot be
    /// created.
    pub fn new(config: LogtoConfig, web: WebConfig) -> Result<Self, SetUpError> {
        let environment = Environment::system(&config)?;
        Self::with_environment(config, web, environment)
    }

    /// Creates the shared state with the caller's clock, randomness and HTTP client.
    ///
    /// # Errors
    ///
    /// All problems of both configurations at once.
    pub fn with_environment(config: LogtoConfig, web: WebConfig, environment: Environment) -> Result<Self, SetUpError> {
        let sealer = Sealer::new(&web.cookie_secrets);
        let (client, web, sealer) = all_of(LogtoClient::new(config, environment), web.check(), sealer)?;
        Ok(Self::assemble(client, web, sealer))
    }

    pub(crate) fn assemble(
        client: LogtoClient,
        (mut web, addresses): (CheckedWebConfig, Addresses),
        sealer: Sealer,
    ) -> Self {
        let tolerance = client.config().clock_tolerance();
        web.webhooks = web.webhooks.map(|verifier| verifier.with_clock_tolerance(tolerance));
        let watches_claims = web
            .config
            .webhooks
            .as_ref()
            .is_some_and(WebhookConfig::refreshes_claims);
        let sealer = Arc::new(sealer);
        let jar = |address: &Address| CookieJar::new(client.clone(), Arc::clone(&sealer), &web.config, address);
        let sites = Sites::new(addresses, jar);
        sites.addresses().for_each(|address| address.warn_if_insecure());
        web.config.recommend_security_headers();
        let watch = |store| Arc::new(ObservedStore::new(store, client.clock())) as Arc<dyn SessionStore>;
        let (store, lifetimes) = (web.config.store.clone().map(watch), web.config.lifetimes);
        let deny_list_store = store.clone().or_else(|| web.config.deny_list.clone().map(watch));
        let health = HealthState::new(deny_list_store.clone());
        let store_kind = store.as_ref().map_or(StoreKind::Cookie, |store| store.kind());
        let deny_list_store = deny_list_store.unwrap_or_else(|| Arc::new(MemoryStore::default()));
        let sweeper = Sweeper::new(client.clone(), Arc::clone(&deny_list_store), web.config.sweep_interval);
        let stored = store.map(|store| {
            StoredSessions::new(client.clone(), Arc::clone(&sealer), store, lifetimes).watching_claims(watches_claims)
        });
        let deny_list = match &stored {
            Some(stored) => stored.deny_list().clone(),
            None => DenyList::new(client.clone(), deny_list_store, lifetimes).watching_claims(watches_claims),
        };
        let refresher = match &stored {
            Some(stored) => Refresher::with_store(client.clone(), stored.clone()),
            None if web.config.deny_list.is_some() => {
                Refresher::with_deny_list(client.clone(), sealer, deny_list.clone())
            }
            None => Refresher::new(client.clone()),
        };
        let (hooks, observer) = (web.config.hooks.clone(), client.clone());
        refresher.observe_grant_ends(move |session| {
            let reason = SessionEndReason::Revoked;
            count_session(store_kind, reason.into());
            let event = || SessionEndEvent::of_session(reason, Arc::clone(session));
            hooks.session_ended(&observer, event);
        });
        Self {
            shared: Arc::new(Shared {
                headers: ResponseHeaders::new(&web, &sites, &client),
                translations: Translations::new(&web.config.texts),
                management: client.management(),
                acting_tokens: ActingTokens::new(client.clone()),
                client,
                web,
                sites,
                stored,
                store_kind,
                deny_list,
                refresher,
                sweeper,
                health,
                unregistered: UnregisteredUris::default(),
                answers: Answers::default(),
                check_flight: CheckFlight::default(),
                refusals: RefusalLog::default(),
                requirement_problems: ProblemLog::default(),
                findings: Findings::default(),
                set_up_watch: Once::new(),
                unverified_logouts: UnverifiedLogouts::default(),
                refetches: RefetchLimit::default(),
            }),
        }
    }

    /// Returns the policy of [`SecurityHeaders`](crate::SecurityHeaders), which also allows the
    /// forms of sign-in and sign-out.
    ///
    /// The layer sends it. A page with inline scripts or styles sets their nonce with
    /// [`AuthSession::set_content_security_policy`](crate::AuthSession::set_content_security_policy).
    #[must_use]
    pub fn content_security_policy(&self) -> Option<&ContentSecurityPolicy> {
        self.shared.headers.policy.as_ref()
    }

    /// Whether an app of this process sends a content security policy.
    #[doc(hidden)]
    #[must_use]
    pub fn is_policy_configured() -> bool {
        security::is_policy_configured()
    }

    /// Returns the URL of a page, at the first base URL, with a button that starts a sign-in with
    /// these options; for an email, for example. Extra parameters are ignored unless they were
    /// added with [`WebConfig::with_extra_parameter`].
    ///
    /// With a one-time token, the link signs in its reader, so it is as secret as the token.
    #[must_use]
    pub fn sign_in_link(&self, options: &SignInOptions) -> String {
        let address = &self.shared.sites.first().address;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(options.to_fields());
        let path = &self.shared.web.paths().sign_in;
        format!("{}?{}", address.absolute(path), query.finish())
    }

    /// Returns the lifetimes of sessions, see [`WebConfig::with_lifetimes`].
    #[must_use]
    pub fn lifetimes(&self) -> Lifetimes {
        self.shared.web.config.lifetimes
    }

    /// Waits until no refresh is in flight and every refreshed session is in the store, or until
    /// `limit` has passed. Returns whether all refreshes have ended.
    ///
    /// Call it after the server has stopped, before the process exits: a page may have been sent
    /// while its token is still being renewed, and a rotated refresh token that is not saved is
    /// lost. The user would have to sign in again.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use logto_axum::Logto;
    /// # async fn serve(listener: tokio::net::TcpListener, app: axum::Router, logto: Logto) -> std::io::Result<()> {
    /// axum::serve(listener, app)
    ///     .with_graceful_shutdown(async { /* SIGTERM */ })
    ///     .await?;
    /// logto.finish_refreshes(Duration::from_secs(15)).await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn finish_refreshes(&self, limit: Duration) -> bool {
        self.shared.refresher.finish(limit).await
    }

    /// Returns the protocol client, for requests that this crate does not wrap.
    ///
    /// The types of `LogtoClient::finish_sign_in` are in the crate `logto` only: the callback route
    /// of this crate calls it.
    #[must_use]
    pub fn client(&self) -> &LogtoClient {
        &self.shared.client
    }
}

impl fmt::Debug for Logto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logto")
            .field("client", &self.shared.client)
            .finish_non_exhaustive()
    }
}

/// All three results, or the problems of all three, so that they can be fixed at once.
fn all_of<A, B, C>(
    first: Result<A, logto::ConfigError>,
    second: Result<B, logto::ConfigError>,
    third: Result<C, logto::ConfigError>,
) -> Result<(A, B, C), logto::ConfigError> {
    match (first, second, third) {
        (Ok(first), Ok(second), Ok(third)) => Ok((first, second, third)),
        (first, second, third) => {
            let problems = [first.err(), second.err(), third.err()]
                .into_iter()
                .flatten()
                .flat_map(|error| error.problems)
                .collect();
            Err(logto::ConfigError::new(problems))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{io, sync::Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Starts an app with these base URLs, and returns its log.
    fn start_log(base_url: &str, further: &str) -> String {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let web = WebConfig::new(base_url, ["0".repeat(32).into()])
                .with_further_base_url(further)
                .with_allow_http(true);
            Logto::new(LogtoConfig::new("https://logto.example.com", "app", "secret"), web).unwrap();
        });
        String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn every_start_warns_of_each_http_address_beyond_this_machine() {
        for _ in 0..2 {
            let text = start_log("http://192.168.1.20:3000", "http://*.lan.example");
            assert_eq!(text.matches("WARN").count(), 2, "{text}");
            for part in ["base_url_insecure", "http://192.168.1.20:3000", "http://*.lan.example"] {
                assert!(text.contains(part), "{text}");
            }
        }
        let text = start_log("https://a.example", "http://localhost:3000");
        assert!(!text.contains("WARN"), "{text}");
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let error = Logto::new(
            LogtoConfig::new("nonsense", "app", "secret"),
            WebConfig::new("nonsense", []),
        )
        .unwrap_err();
        let text = error.to_string();
        for code in ["endpoint_invalid", "base_url_invalid", "cookie_secret_missing"] {
            assert!(text.contains(code), "{text}");
        }
    }
}
