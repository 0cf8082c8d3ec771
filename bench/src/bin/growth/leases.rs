//! Refreshes with the lease of each store, by one process and by two that refresh the same sessions.

use std::{env, sync::Arc, time::Instant};

use logto::{
    CallbackRequest, Environment, LogtoClient, LogtoConfig, SignInOptions, TokenTarget,
    seal::Sealer,
    session::{
        Lifetimes, Refresher, Session, StoredSessions,
        store::{MemoryStore, PostgresStore, RedisStore, Saved, SessionStore},
    },
};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, RedisCluster, RotationRule, TestProvider};
use tokio::task::JoinSet;

use crate::{Failure, Outcome, micros};

/// Sessions that are refreshed one after another, and as many at once.
const SESSIONS: usize = 400;
const CONCURRENT: usize = 32;
const SECRET: &str = "only-for-the-benchmark-0123456789abcdef";

pub(crate) async fn measure() -> Outcome {
    println!(
        "| sessions in | processes | one refresh | refreshes per second, {CONCURRENT} concurrent | requests to the provider for {} refreshes |",
        2 * SESSIONS
    );
    println!("|---|---:|---:|---:|---:|");
    let bench = Bench::new().await?;
    let cluster = RedisCluster::builder().in_memory().start()?;
    let stores: [(&str, Option<Arc<dyn SessionStore>>); 5] = [
        ("cookies, no lease", None),
        ("memory", Some(Arc::new(MemoryStore::default()))),
        (
            "Redis",
            Some(Arc::new(RedisStore::new(&env::var("REDIS_URL")?, "leases")?)),
        ),
        (
            "Redis, cluster of three",
            Some(Arc::new(RedisStore::new(&cluster.url(), "leases")?)),
        ),
        (
            "PostgreSQL",
            Some(Arc::new(PostgresStore::new(&env::var("DATABASE_URL")?, "leases")?)),
        ),
    ];
    for (name, store) in stores {
        bench.row(name, 1, store.as_ref()).await?;
        if store.is_some() {
            bench.row(name, 2, store.as_ref()).await?;
        }
    }
    Ok(())
}

struct Bench {
    provider: TestProvider,
    client: LogtoClient,
}

impl Bench {
    async fn new() -> Result<Self, Failure> {
        let provider = TestProvider::builder().rotation(RotationRule::EveryUse).start().await;
        let config = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret())
            .with_resources([DEFAULT_RESOURCE]);
        let environment = Environment::system(&config)?;
        let client = LogtoClient::new(config, environment)?;
        Ok(Self { provider, client })
    }

    async fn row(&self, name: &str, processes: usize, store: Option<&Arc<dyn SessionStore>>) -> Outcome {
        let (first, second) = (self.sessions(store).await?, self.sessions(store).await?);
        let refreshers: Vec<_> = (0..processes)
            .map(|_| self.refresher(store).map(Arc::new))
            .collect::<Result<_, _>>()?;
        self.provider.clear_log();
        let start = Instant::now();
        for session in first {
            refresh(&refreshers, session).await?;
        }
        let one = micros(start.elapsed()) / SESSIONS as f64;
        let start = Instant::now();
        refresh_at_once(&refreshers, second).await?;
        let rate = SESSIONS as f64 / start.elapsed().as_secs_f64();
        let requests = self.provider.requests(Endpoint::Token);
        println!("| {name} | {processes} | {one:.0} µs | {rate:.0} | {requests} |");
        Ok(())
    }

    /// New sessions, saved in the store.
    async fn sessions(&self, store: Option<&Arc<dyn SessionStore>>) -> Result<Vec<Arc<Session>>, Failure> {
        let mut sessions = Vec::with_capacity(SESSIONS);
        for _ in 0..SESSIONS {
            let session = self.sign_in().await?;
            if let Some(store) = store
                && self.stored(store)?.save(&session, None).await? != Saved::Done
            {
                return Err("a session was there before".into());
            }
            sessions.push(session);
        }
        Ok(sessions)
    }

    async fn sign_in(&self) -> Result<Arc<Session>, Failure> {
        let (client, redirect_uri) = (&self.client, self.provider.redirect_uri());
        let options = SignInOptions::new().with_redirect_uri(redirect_uri);
        let start = client.start_sign_in(options).await?;
        let callback = self.provider.authorize(start.authorization_url.as_str()).await;
        let (_, query) = callback.split_once('?').ok_or("a callback without a query")?;
        let request = CallbackRequest::parse(redirect_uri, query);
        let signed_in = client.finish_sign_in(request, start.transaction).await?;
        Ok(Arc::new(Session::begin(signed_in, client.now(), client.random())?))
    }

    fn refresher(&self, store: Option<&Arc<dyn SessionStore>>) -> Result<Refresher, Failure> {
        let client = self.client.clone();
        Ok(match store {
            Some(store) => Refresher::with_store(client, self.stored(store)?),
            None => Refresher::new(client),
        })
    }

    fn stored(&self, store: &Arc<dyn SessionStore>) -> Result<StoredSessions, Failure> {
        let sealer = Arc::new(Sealer::new(&[SECRET.into()])?);
        let lifetimes = Lifetimes::default();
        Ok(StoredSessions::new(
            self.client.clone(),
            sealer,
            Arc::clone(store),
            lifetimes,
        ))
    }
}

/// Fetches the first token of the session for the API, at each process at once.
async fn refresh(refreshers: &[Arc<Refresher>], session: Arc<Session>) -> Outcome {
    let mut tasks = JoinSet::new();
    for refresher in refreshers {
        let (refresher, session) = (Arc::clone(refresher), Arc::clone(&session));
        tasks.spawn(async move {
            let target = TokenTarget::resource(DEFAULT_RESOURCE);
            refresher.token(session, &target).await.token.map(drop)
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

async fn refresh_at_once(refreshers: &[Arc<Refresher>], sessions: Vec<Arc<Session>>) -> Outcome {
    let mut tasks = JoinSet::new();
    for part in sessions.chunks(SESSIONS.div_ceil(CONCURRENT)) {
        let (refreshers, part) = (refreshers.to_vec(), part.to_vec());
        tasks.spawn(async move {
            for session in part {
                refresh(&refreshers, session).await?;
            }
            Ok::<_, Failure>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}
