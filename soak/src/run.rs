//! One run: visitors of two instances on one store.

use std::{fs, sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, watch},
    task::JoinSet,
    time::sleep,
};

use crate::{
    chaos,
    failure::Failure,
    instance::{AppInstance, Roster, Settings},
    journal::{Content, INSTANCES, Journal, ViolationKind},
    options::{Mistake, Options},
    provider::{APP_ID, APP_SECRET, Provider, RESOURCE},
    sampler,
    store::{Store, StoreKind},
    verdict,
    visitor::{self, Place, Visitor},
    wire::{Balancer, FaultProxy, unused_address},
};

const SECRET: &str = "a-cookie-secret-of-thirty-two-bytes-or-more";
const OTHER_SECRET: &str = "another-cookie-secret-of-thirty-two-bytes-or-more";

/// How long visitors wait for the app after the last fault.
const PATIENCE: Duration = Duration::from_secs(45);

/// The pace of a run.
struct Pace {
    /// Lifetime of access tokens in seconds. Pages renew tokens that expire within 30 seconds.
    access_token: u64,
    /// The longest pause between two visits.
    visits: Duration,
    /// The mean pause between two faults.
    faults: Duration,
    longest_fault: Duration,
    /// The time without faults at the start and at the end.
    quiet: Duration,
}

impl Pace {
    fn of(options: &Options) -> Self {
        let (access_token, visits, faults, longest_fault, quiet) = if options.is_short {
            (33, 1.5, 0.9, 2.5, 2.5)
        } else {
            (45, 8.0, 9.0, 8.0, 30.0)
        };
        Self {
            access_token,
            visits: Duration::from_secs_f64(visits),
            faults: Duration::from_secs_f64(faults),
            longest_fault: Duration::from_secs_f64(longest_fault),
            quiet: Duration::from_secs_f64(quiet),
        }
    }
}

/// Runs the visitors and the faults of one store. Returns what happened.
pub(crate) async fn run(options: &Options, kind: StoreKind, seed: u64) -> Result<Content, Failure> {
    let pace = Pace::of(options);
    let (journal, roster) = (Arc::new(Journal::start()), Arc::new(Roster::default()));
    let provider = Provider::start(options.users, pace.access_token, &journal, &roster).await?;
    let provider = Arc::new(provider);
    let store = Store::start(kind, options.mistake == Some(Mistake::Store)).await?;
    let addresses = [unused_address()?, unused_address()?];
    let balancer = Balancer::start(addresses.to_vec()).await?;
    let app = format!("http://{}", balancer.address());
    let mut to_provider = Vec::new();
    let mut instances = Vec::new();
    let metrics = [unused_address()?, unused_address()?];
    for number in 0..INSTANCES {
        let proxy = FaultProxy::start(provider.address_for(number)).await?;
        let is_mistaken = options.mistake == Some(Mistake::Secret) && number == 1;
        let secret = if is_mistaken { OTHER_SECRET } else { SECRET };
        let variables = vec![
            ("LEPTOS_OUTPUT_NAME", "quick-start".to_owned()),
            ("LEPTOS_SITE_ADDR", addresses[number].to_string()),
            ("LOGTO_BASE_URL", app.clone()),
            ("LOGTO_ENDPOINT", provider.endpoint().to_owned()),
            ("LOGTO_INTERNAL_ENDPOINT", format!("http://{}", proxy.address())),
            ("LOGTO_APP_ID", APP_ID.to_owned()),
            ("LOGTO_APP_SECRET", APP_SECRET.to_owned()),
            ("LOGTO_COOKIE_SECRET", secret.to_owned()),
            ("LOGTO_RESOURCES", RESOURCE.to_owned()),
            (
                "LOGTO_SCOPES",
                "email urn:logto:scope:organizations read:products".to_owned(),
            ),
            ("LOGTO_STORE_URL", store.url(number).to_owned()),
            ("LOGTO_METRICS_ADDRESS", metrics[number].to_string()),
            ("RUST_LOG", "warn".to_owned()),
        ];
        let log = options.output.join(format!("{}-{}.log", kind.file_name(), number + 1));
        let settings = Settings {
            app: fs::canonicalize(&options.app)?,
            address: addresses[number],
            variables,
            log,
        };
        let instance = AppInstance::start(number, settings, Arc::clone(&journal), Arc::clone(&roster)).await?;
        instances.push(Mutex::new(instance));
        to_provider.push(proxy);
    }
    let instances = instances.try_into().map_err(|_| "there are two instances")?;
    let parts = Arc::new(chaos::Parts {
        journal: Arc::clone(&journal),
        provider: Arc::clone(&provider),
        store,
        instances,
        to_provider,
    });
    let site = Arc::new(Place {
        app,
        client: visitor::client()?,
        provider,
        journal: Arc::clone(&journal),
        roster,
        pause: pace.visits,
    });

    let mut background = JoinSet::new();
    background.spawn(sampler::sample(Arc::clone(&parts), metrics, site.client.clone()));
    let (stop, stopped) = watch::channel(false);
    let mut visitors = visitors(options, seed, &site, &stopped);
    let end = journal.now() + options.length;
    let frame = chaos::Frame {
        from: journal.now() + pace.quiet,
        to: end.saturating_sub(pace.quiet),
        pause: pace.faults,
        longest: pace.longest_fault,
    };
    let plan = chaos::plan(&mut fastrand::Rng::with_seed(seed), kind, frame);
    chaos::run(&parts, plan).await;
    sleep(end.saturating_sub(journal.now())).await;
    stop.send_replace(true);
    while let Some(ended) = visitors.join_next().await {
        if let Err(error) = ended {
            journal.violation(ViolationKind::Harness, None, error.to_string());
        }
    }
    background.shutdown().await;
    verdict::of_the_whole_run(&journal, options.length);
    let content = journal.content().clone();
    Ok(content)
}

fn visitors(options: &Options, seed: u64, site: &Arc<Place>, stopped: &watch::Receiver<bool>) -> JoinSet<()> {
    let mut visitors: Vec<_> = (0..options.users)
        .map(|number| Visitor::new(number, seed, Arc::clone(site)))
        .collect();
    if let (Some(Mistake::Browser), [first, second, ..]) = (options.mistake, &mut *visitors) {
        second.share_browser_of(first);
    }
    let stays = visitors
        .into_iter()
        .map(|visitor| visitor.stay(stopped.clone(), PATIENCE));
    stays.collect()
}
