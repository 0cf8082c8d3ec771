//! Sessions of users in many organizations, which their ID tokens list.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body, routing::get};
use http::{Request, Response, StatusCode, header};
use logto::{
    Clock, Environment, SystemRandom, Timestamp,
    seal::{Purpose, SealContext, Sealer},
};
use logto_leptos::{Logto, LogtoConfig, RequireUser, UserScope, WebConfig};
use logto_testing::{Membership, Organization, TestClock, TestProvider, User};
use tower::ServiceExt as _;

use crate::{Failure, Outcome, each, hash};

const BASE: &str = "http://localhost:3000";
const SECRET: &str = "only-for-the-benchmark-0123456789abcdef";
const REQUESTS: usize = 20_000;

pub(crate) async fn measure() -> Outcome {
    println!("| organizations | cookies | cache hit | cache miss |\n|---:|---:|---:|---:|");
    for count in [1, 100, 150] {
        let bench = Bench::new(count).await?;
        let cookie = bench.sign_in().await?;
        let hit = each(REQUESTS, |_| bench.request(&cookie)).await?;
        let others = bench.sealed_again(&cookie)?;
        let miss = each(REQUESTS / 4, |number| bench.request(&others[number % others.len()])).await?;
        println!("| {count} | {} bytes | {hit:.0} µs | {miss:.0} µs |", cookie.len());
    }
    Ok(())
}

/// An app with one page for signed-in users, called without a network.
struct Bench {
    provider: TestProvider,
    app: Router,
    sealer: Sealer,
}

impl Bench {
    async fn new(organizations: usize) -> Result<Self, Failure> {
        let mut builder = TestProvider::builder().client("app", "secret");
        let mut user = User::new("ada").with_name("Ada Lovelace").with_email("ada@example.com");
        for number in 0..organizations {
            // As long as the ids of Logto, and as hard to compress.
            let id: String = hash(number).chars().take(12).collect();
            builder = builder.organization(Organization::new(&id, &format!("Organization {number}")));
            user = user.with_organization(Membership::of(&id));
        }
        let provider = builder.user(user).start().await;
        let config = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret())
            .with_scopes([UserScope::Email, UserScope::Organizations]);
        let environment = Environment::system(&config)?.with_clock(Arc::new(ProviderClock(provider.clock())));
        let logto = Logto::with_environment(config, WebConfig::new(BASE, [SECRET.into()]), environment)?;
        let app = Router::new()
            .route("/", get(|user: RequireUser| async move { user.id().to_owned() }))
            .merge(logto.routes())
            .layer(logto.layer());
        let sealer = Sealer::new(&[SECRET.into()])?;
        Ok(Self { provider, app, sealer })
    }

    /// Signs in and returns the `Cookie` header.
    async fn sign_in(&self) -> Result<String, Failure> {
        self.provider.sign_in_as("ada");
        let form = Request::post("/sign-in")
            .header(header::ORIGIN, BASE)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("return_to=/"))?;
        let start = self.app.clone().oneshot(form).await?;
        let location = start.headers()[header::LOCATION].to_str()?;
        let callback = self.provider.authorize(location).await;
        let back = Request::get(callback.strip_prefix(BASE).ok_or("a callback elsewhere")?)
            .header(header::COOKIE, cookies(&start))
            .body(Body::empty())?;
        Ok(cookies(&self.app.clone().oneshot(back).await?))
    }

    async fn request(&self, cookie: &str) -> Outcome {
        let request = Request::get("/").header(header::COOKIE, cookie).body(Body::empty())?;
        match self.app.clone().oneshot(request).await?.status() {
            StatusCode::OK => Ok(()),
            status => Err(status.to_string().into()),
        }
    }

    /// Seals the session more often than the cache has entries, so that each request unseals it.
    fn sealed_again(&self, cookie: &str) -> Result<Vec<String>, Failure> {
        let (name, sealed) = join_chunks(cookie)?;
        let context = SealContext {
            purpose: Purpose::Session,
            name: &name,
            app_id: self.provider.app_id(),
        };
        let now = Timestamp::from_secs(self.provider.clock().now());
        let opened = self.sealer.open(context, &sealed, now)?;
        let seal = |_| {
            let sealed = self
                .sealer
                .seal(context, opened.payload(), now, opened.expires(), &SystemRandom)?;
            Ok(split_into_chunks(&name, &sealed))
        };
        (0..5000).map(seal).collect()
    }
}

struct ProviderClock(TestClock);

impl Clock for ProviderClock {
    fn since_epoch(&self) -> Duration {
        self.0.since_epoch()
    }
}

/// Returns the cookies that a response sets, as a `Cookie` header.
fn cookies(response: &Response<Body>) -> String {
    let pairs = response
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .filter_map(|value| {
            let pair = value.to_str().ok()?.split(';').next()?;
            pair.split_once('=').filter(|(_, value)| !value.is_empty())?;
            Some(pair)
        });
    pairs.collect::<Vec<_>>().join("; ")
}

/// Joins a session that may be split across cookies: `name=2~…; name.1=…`.
fn join_chunks(cookies: &str) -> Result<(String, String), Failure> {
    let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    let (name, first) = pairs.next().ok_or("no cookie")?;
    let first = first.split_once('~').map_or(first, |(_, beginning)| beginning);
    let rest = pairs.map(|(_, part)| part);
    Ok((name.to_owned(), std::iter::once(first).chain(rest).collect()))
}

fn split_into_chunks(name: &str, sealed: &str) -> String {
    let parts: Vec<_> = sealed.as_bytes().chunks(3800).map(String::from_utf8_lossy).collect();
    let rest = parts
        .iter()
        .enumerate()
        .skip(1)
        .map(|(number, part)| format!("; {name}.{number}={part}"));
    let count = if parts.len() > 1 {
        format!("{}~", parts.len())
    } else {
        String::new()
    };
    format!("{name}={count}{}{}", parts[0], rest.collect::<String>())
}
