//! Users who sign in, refresh access tokens and open the streaming page, at several apps in turn.
//!
//! The provider of the apps runs in the same process: a user's browser reaches its authorization
//! endpoint without HTTP, and the apps reach it over HTTP.

// The results go to standard output, the progress to standard error.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "measurements, printed")]

mod app;
mod client;
mod load;
mod plan;
mod provider;
mod session;
mod stream;

use std::{collections::BTreeMap, error::Error, sync::Arc};

use serde::Serialize;

use self::{
    app::{App, Visit},
    load::{Load, load},
    plan::Plan,
    provider::Provider,
    stream::Stream,
};

type Failure = Box<dyn Error + Send + Sync>;

/// The measurements of one app, one entry per round or page.
#[derive(Default, Serialize)]
struct Results {
    sign_ins: Vec<Load>,
    refreshes: Vec<Load>,
    streams: Vec<Stream>,
}

/// Measures the apps of `plan`, which is JSON, and prints the results as JSON.
pub(crate) async fn measure(plan: &str) -> Result<(), Failure> {
    let plan: Plan = serde_json::from_str(plan)?;
    let provider = Arc::new(Provider::start(&plan).await?);
    provider.issue_expired_tokens();
    let mut apps = Vec::new();
    for (name, home) in &plan.apps {
        eprintln!("    {name}: signing {} users in", plan.sessions);
        let app = Arc::new(App::new(home, &plan, Arc::clone(&provider))?);
        app.fill_pool().await.map_err(|error| format!("{name}: {error}"))?;
        apps.push((name.as_str(), app, Results::default()));
    }
    for round in 0..plan.rounds {
        for visit in [Visit::SignIn, Visit::Refresh] {
            for (name, app, results) in &mut apps {
                let load = load(app, visit, &plan)
                    .await
                    .map_err(|error| format!("{name}: {error}"))?;
                eprintln!("    round {}, {name}: {visit:?} {load}", round + 1);
                match visit {
                    Visit::SignIn => results.sign_ins.push(load),
                    Visit::Refresh => results.refreshes.push(load),
                }
            }
        }
        apps.reverse();
    }
    provider.issue_valid_tokens();
    for _ in 0..plan.streams {
        for (name, app, results) in &mut apps {
            let stream = stream::open(app).await.map_err(|error| format!("{name}: {error}"))?;
            results.streams.push(stream);
        }
    }
    let results: BTreeMap<_, _> = apps.into_iter().map(|(name, _, results)| (name, results)).collect();
    println!("{}", serde_json::to_string(&results)?);
    Ok(())
}
