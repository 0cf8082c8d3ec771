//! Several users at the same time.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use serde::Serialize;
use tokio::task::JoinSet;

use super::{
    Failure,
    app::{App, Visit},
    plan::Plan,
};

/// Visits per second, and how long one takes.
#[derive(Serialize)]
pub(super) struct Load {
    rate: f64,
    p50_ms: f64,
    p99_ms: f64,
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rate, p50_ms, p99_ms } = self;
        write!(f, "{rate:.0}/s  p50 {p50_ms:.1} ms  p99 {p99_ms:.1} ms")
    }
}

/// Lets every user repeat a visit for some seconds. Each visit has to cause one token request.
pub(super) async fn load(app: &Arc<App>, visit: Visit, plan: &Plan) -> Result<Load, Failure> {
    app.provider.forget_requests();
    let mut users = JoinSet::new();
    for _ in 0..plan.users {
        users.spawn(repeat(Arc::clone(app), visit, Duration::from_secs(plan.seconds)));
    }
    let mut rate = 0.0;
    let mut times = Vec::new();
    while let Some(user) = users.join_next().await {
        let (all, each) = user??;
        rate += count(each.len()) / all.as_secs_f64();
        times.extend(each);
    }
    let tokens = app.provider.token_requests();
    if tokens != times.len() {
        return Err(format!("{} times {visit:?}, but {tokens} token requests", times.len()).into());
    }
    if matches!(visit, Visit::SignIn) {
        app.check_latest().await?;
    }
    times.sort_unstable();
    let (p50_ms, p99_ms) = (percentile(&times, 50), percentile(&times, 99));
    Ok(Load { rate, p50_ms, p99_ms })
}

/// Returns the time until the end of the last visit, which begins within `duration`, and the time
/// of each visit.
async fn repeat(app: Arc<App>, visit: Visit, duration: Duration) -> Result<(Duration, Vec<Duration>), Failure> {
    let beginning = Instant::now();
    let mut times = Vec::new();
    while beginning.elapsed() < duration {
        let start = Instant::now();
        app.visit(visit).await?;
        times.push(start.elapsed());
    }
    Ok((beginning.elapsed(), times))
}

fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let position = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(position).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

#[allow(clippy::cast_precision_loss, reason = "a few thousand")]
fn count(number: usize) -> f64 {
    number as f64
}
