//! The one object an app makes.

use std::{fmt, sync::Arc};

use logto::{
    Environment, LogtoClient, LogtoConfig, SignInOptions,
    seal::Sealer,
    session::{DenyList, Lifetimes, Refresher, StoredSessions, store::MemoryStore},
};
use url::form_urlencoded;

use crate::{
    address::Address,
    address::sites::Sites,
    config::{WebConfig, check::CheckedWebConfig},
    cookie::CookieJar,
    error::SetUpError,
    headers::csp::ContentSecurityPolicy,
    headers::security::SecurityHeaders,
    routes::unverified_logouts::UnverifiedLogouts,
    session::touch::Touches,
    set_up::unregistered::UnregisteredUris,
    sweep::Sweeper,
};

/// Sign-in for one application. Cheap to clone; make one at start.
#[derive(Clone)]
pub struct Logto {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) client: LogtoClient,
    pub(crate) web: CheckedWebConfig,
    pub(crate) sites: Sites,
    pub(crate) headers: SecurityHeaders,
    /// Where sessions are, if not in cookies.
    pub(crate) stored: Option<StoredSessions>,
    /// What has ended although a browser still has it in its cookies.
    pub(crate) deny_list: DenyList,
    /// One for the process: refreshes under way are shared by all requests of a session.
    pub(crate) refresher: Refresher,
    pub(crate) touches: Touches,
    /// Of the store, or of the deny list's.
    pub(crate) sweeper: Sweeper,
    /// What the self-check has found.
    pub(crate) unregistered: UnregisteredUris,
    /// Logouts that wait for the provider's keys.
    pub(crate) unverified_logouts: UnverifiedLogouts,
}

impl Logto {
    /// Sign-in with the system's clock, randomness and network. Makes no request: the app starts
    /// while the provider is down.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the configuration, or that no TLS client can be made.
    pub fn new(config: LogtoConfig, web: WebConfig) -> Result<Self, SetUpError> {
        let environment = Environment::system(&config)?;
        Self::with_environment(config, web, environment)
    }

    /// The same with a clock, randomness and HTTP client of the caller's.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the configuration, of both kinds at once.
    pub fn with_environment(config: LogtoConfig, web: WebConfig, environment: Environment) -> Result<Self, SetUpError> {
        let sealer = Sealer::new(&web.cookie_secrets);
        let (client, (web, addresses), sealer) = all_of(LogtoClient::new(config, environment), web.check(), sealer)?;
        let sealer = Arc::new(sealer);
        let jar = |address: &Address| CookieJar::new(client.clone(), Arc::clone(&sealer), &web.config, address);
        let sites = Sites::new(addresses, jar);
        sites.addresses().for_each(|address| address.warn_if_insecure());
        let (store, lifetimes) = (web.config.store.clone(), web.config.lifetimes);
        let notes = store.clone().or_else(|| web.config.deny_list.clone());
        let notes = notes.unwrap_or_else(|| Arc::new(MemoryStore::default()));
        let sweeper = Sweeper::new(client.clone(), Arc::clone(&notes), web.config.sweep_interval);
        let stored = store.map(|store| StoredSessions::new(client.clone(), sealer, store, lifetimes));
        let deny_list = match &stored {
            Some(stored) => stored.deny_list().clone(),
            None => DenyList::new(client.clone(), notes, lifetimes),
        };
        let refresher = match &stored {
            Some(stored) => Refresher::with_store(client.clone(), stored.clone()),
            None => Refresher::new(client.clone()),
        };
        Ok(Self {
            shared: Arc::new(Shared {
                headers: SecurityHeaders::new(&web, &sites, &client),
                client,
                web,
                sites,
                stored,
                deny_list,
                refresher,
                touches: Touches::default(),
                sweeper,
                unregistered: UnregisteredUris::default(),
                unverified_logouts: UnverifiedLogouts::default(),
            }),
        })
    }

    /// The policy of [`WebConfig::with_content_security_policy`], open for the forms of sign-in and
    /// sign-out as well. The layer sends it; a page with inline scripts or styles says what their
    /// nonce is by
    /// [`AuthSession::set_content_security_policy`](crate::AuthSession::set_content_security_policy).
    #[must_use]
    pub fn content_security_policy(&self) -> Option<&ContentSecurityPolicy> {
        self.shared.headers.policy.as_ref()
    }

    /// The address of a link that asks for a sign-in with these options, for an e-mail say: a page
    /// with a button, at the first base URL. Of extra parameters only those that
    /// [`WebConfig::with_extra_parameter`] names have an effect.
    ///
    /// With a one-time token the link signs in its reader: it is as secret as the token.
    #[must_use]
    pub fn sign_in_link(&self, options: &SignInOptions) -> String {
        let address = &self.shared.sites.first().address;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(options.to_fields());
        let path = &self.shared.web.paths().sign_in;
        format!("{}?{}", address.absolute(path), query.finish())
    }

    /// How long sessions live, as configured by [`WebConfig::with_lifetimes`].
    #[must_use]
    pub fn lifetimes(&self) -> Lifetimes {
        self.shared.web.config.lifetimes
    }

    /// The protocol client, for what this crate does not wrap.
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

/// All three, or the problems of all three: whoever sets an app up wants to mend everything in one
/// go.
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

    /// What the log says when an app with this base URL starts.
    fn log_of_a_start(base_url: &str, further: &str) -> String {
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
    fn every_start_warns_of_each_address_that_is_http_beyond_this_machine() {
        for _ in 0..2 {
            let text = log_of_a_start("http://192.168.1.20:3000", "http://*.lan.example");
            assert_eq!(text.matches("WARN").count(), 2, "{text}");
            for part in ["base_url_insecure", "http://192.168.1.20:3000", "http://*.lan.example"] {
                assert!(text.contains(part), "{text}");
            }
        }
        let text = log_of_a_start("https://a.example", "http://localhost:3000");
        assert!(!text.contains("WARN"), "{text}");
    }

    #[test]
    fn problems_of_every_part_are_told_at_once() {
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
