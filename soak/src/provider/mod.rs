//! The provider, which listens at an address for browsers and at one for each instance.

mod cause;
mod ledger;
mod observer;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{Router, middleware, serve::ListenerExt as _};
use logto_testing::{
    Endpoint, HttpFault, InteractivePages, Lifetimes, Membership, Organization, RotationRule, TestClock, TestProvider,
    User,
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use self::observer::Observer;
pub(crate) use self::{
    cause::{Cause, Facts},
    ledger::Ledger,
};
use crate::{
    failure::Failure,
    instance::Roster,
    journal::{INSTANCES, Journal},
    page,
};

pub(crate) const APP_ID: &str = "soak";
pub(crate) const APP_SECRET: &str = "a secret of the soak test";
pub(crate) const PASSWORD: &str = "a password of all visitors";
pub(crate) const RESOURCE: &str = "https://products.example.com/api";
pub(crate) const ORGANIZATIONS: [&str; 2] = ["acme", "globex"];

/// Lifetime of ID tokens in seconds, so that they are renewed too.
const ID_TOKEN: u64 = 120;

/// A provider that rotates refresh tokens at every use.
pub(crate) struct Provider {
    inner: TestProvider,
    pub(crate) ledger: Arc<Ledger>,
    /// The addresses for the instances.
    addresses: Vec<SocketAddr>,
    is_slow: Arc<AtomicBool>,
    rotations: Vec<watch::Sender<u64>>,
    /// The servers, which end with this value.
    _servers: JoinSet<()>,
}

impl Provider {
    /// Starts a provider for `visitors` people, whose access tokens live for some seconds.
    pub(crate) async fn start(
        visitors: u32,
        access_token: u64,
        journal: &Arc<Journal>,
        roster: &Arc<Roster>,
    ) -> Result<Self, Failure> {
        let for_browsers = TcpListener::bind("127.0.0.1:0").await?;
        let endpoint = format!("http://{}", for_browsers.local_addr()?);
        let lifetimes = Lifetimes::default()
            .with_access_token(access_token)
            .with_id_token(ID_TOKEN);
        let mut builder = TestProvider::builder()
            .client(APP_ID, APP_SECRET)
            .resource(RESOURCE)
            .lifetimes(lifetimes)
            .rotation(RotationRule::EveryUse)
            .interactive(InteractivePages::new("Soak"))
            .loopback_redirects()
            .clock(TestClock::running());
        for id in ORGANIZATIONS {
            builder = builder.organization(Organization::new(id, id));
        }
        for number in 0..visitors {
            builder = builder.user(user(number));
        }
        let provider = builder.in_memory(&endpoint);
        let mut servers = JoinSet::new();
        servers.spawn(serve(for_browsers, provider.router()));
        let (ledger, is_slow) = (Arc::new(Ledger::default()), Arc::new(AtomicBool::new(false)));
        let (mut addresses, mut rotations) = (Vec::new(), Vec::new());
        for instance in 0..INSTANCES {
            let (listener, count) = (TcpListener::bind("127.0.0.1:0").await?, watch::Sender::new(0));
            addresses.push(listener.local_addr()?);
            rotations.push(count.clone());
            let observer = Observer {
                instance,
                ledger: Arc::clone(&ledger),
                journal: Arc::clone(journal),
                roster: Arc::clone(roster),
                is_slow: Arc::clone(&is_slow),
                rotations: count,
            };
            let routes = provider
                .router()
                .layer(middleware::from_fn_with_state(observer, observer::observe));
            servers.spawn(serve(listener, routes));
        }
        Ok(Self {
            inner: provider,
            ledger,
            addresses,
            is_slow,
            rotations,
            _servers: servers,
        })
    }

    /// Scheme, host and port for browsers.
    pub(crate) fn endpoint(&self) -> &str {
        self.inner.endpoint()
    }

    pub(crate) fn address_for(&self, instance: usize) -> SocketAddr {
        self.addresses[instance]
    }

    /// Sets whether token requests are answered after six seconds. They are handled at once.
    pub(crate) fn set_slow(&self, is_slow: bool) {
        self.is_slow.store(is_slow, Ordering::Relaxed);
    }

    /// Sets whether the endpoints for servers answer 503.
    pub(crate) fn set_errors(&self, has_errors: bool) {
        self.inner.clear_faults();
        if has_errors {
            for endpoint in [Endpoint::Token, Endpoint::Jwks, Endpoint::Discovery, Endpoint::UserInfo] {
                self.inner.fault(HttpFault::Status(503).at(endpoint));
            }
        }
    }

    pub(crate) fn rotate_keys(&self) {
        self.inner.rotate_keys();
    }

    /// Changes whenever the answer to a rotation leaves for the instance.
    pub(crate) fn rotations(&self, instance: usize) -> watch::Receiver<u64> {
        self.rotations[instance].subscribe()
    }

    /// Forgets the requests so far, so that the log does not grow.
    pub(crate) fn forget_requests(&self) {
        self.inner.clear_log();
    }
}

fn user(number: u32) -> User {
    let name = page::username(number);
    let user = User::new(&name)
        .with_name(&page::display_name(number))
        .with_email(&format!("{name}@example.com"))
        .with_password(PASSWORD)
        .with_permission(RESOURCE, "read:products");
    ORGANIZATIONS
        .iter()
        .fold(user, |user, id| user.with_organization(Membership::of(id)))
}

async fn serve(listener: TcpListener, router: Router) {
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    // It accepts connections until the task is aborted.
    let _ = axum::serve(listener, router).await;
}
