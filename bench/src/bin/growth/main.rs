//! Measures how cost grows with the organizations of a session, the sessions of a store, sign-ins, and
//! refreshes by several processes.

// The results are rows of Markdown tables.
#![allow(clippy::print_stdout, clippy::cast_precision_loss, reason = "measurements, printed")]

mod leases;
mod organizations;
mod sign_ins;
mod stores;

use std::{
    env,
    error::Error,
    time::{Duration, Instant},
};

use sha2::{Digest as _, Sha256};

type Failure = Box<dyn Error + Send + Sync>;
type Outcome = Result<(), Failure>;

#[tokio::main]
async fn main() -> Outcome {
    let chosen = env::args().nth(1);
    match chosen.as_deref() {
        Some("leases") => leases::measure().await,
        Some("organizations") => organizations::measure().await,
        Some("stores") => stores::measure().await,
        Some("sign-ins") => sign_ins::measure().await,
        _ => Err("usage: growth leases | organizations | stores | sign-ins".into()),
    }
}

/// Returns the mean time of `count` sequential runs, in microseconds.
async fn each<F: Future<Output = Outcome>>(count: usize, run: impl Fn(usize) -> F) -> Result<f64, Failure> {
    let start = Instant::now();
    for number in 0..count {
        run(number).await?;
    }
    Ok(micros(start.elapsed()) / count as f64)
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Returns text that does not compress and depends on `number` alone.
fn hash(number: usize) -> String {
    format!("{:x}", Sha256::digest(number.to_string()))
}
