//! Measures a failover of Redis: how many acknowledged sessions are lost, and how long none is
//! saved. Prints a table. An argument such as `stops` selects the rows that contain it.

// The results are rows of Markdown tables.
#![allow(clippy::print_stdout, clippy::cast_precision_loss, reason = "measurements, printed")]

mod servers;
mod sign_ins;

use std::{env, error::Error, time::Duration};

use self::servers::{Event, Layout, Servers};

type Failure = Box<dyn Error + Send + Sync>;
type Outcome = Result<(), Failure>;

/// Failovers of each kind.
const ROUNDS: usize = 10;

/// The effect of one failover.
struct Measured {
    /// Sign-ins per second before it.
    rate: f64,
    /// Sessions that were acknowledged and are gone.
    lost: usize,
    /// From the event until a sign-in failed for the last time.
    outage: Duration,
}

#[tokio::main]
async fn main() -> Outcome {
    let rounds = env::var("FAILOVER_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    // Cargo passes `--bench`.
    let chosen = env::args().skip(1).find(|argument| !argument.starts_with("--"));
    println!(
        "| servers | the primary | sign-ins per second | lost, median | at most | without service, median | at most |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|");
    for layout in [Layout::Cluster, Layout::Sentinel, Layout::SentinelAndMinReplicas] {
        for event in [Event::Killed, Event::Frozen, Event::Replaced] {
            let title = format!("| {layout} | {event} |");
            if chosen.as_ref().is_some_and(|chosen| !title.contains(chosen)) {
                continue;
            }
            let mut measured = Vec::new();
            for _ in 0..rounds.unwrap_or(ROUNDS) {
                let mut servers = Servers::start(layout)?;
                measured.push(sign_ins::during(&mut servers, event).await?);
            }
            println!("{title} {}", row(&measured));
        }
    }
    Ok(())
}

fn row(measured: &[Measured]) -> String {
    let rate = measured.iter().map(|one| one.rate).sum::<f64>() / measured.len() as f64;
    let mut lost: Vec<_> = measured.iter().map(|one| one.lost).collect();
    let mut outages: Vec<_> = measured.iter().map(|one| one.outage.as_secs_f64()).collect();
    lost.sort_unstable();
    outages.sort_by(f64::total_cmp);
    let middle = measured.len() / 2;
    let worst = measured.len() - 1;
    format!(
        "{rate:.0} | {} | {} | {:.1} s | {:.1} s |",
        lost[middle], lost[worst], outages[middle], outages[worst]
    )
}
