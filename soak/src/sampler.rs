//! Samples memory and metrics of the instances once a second.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use reqwest::Client;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::{
    chaos::Parts,
    instance::{Metrics, Process, resident},
    journal::{Gauges, INSTANCES, Sample},
};

const INTERVAL: Duration = Duration::from_secs(1);
/// An instance that is down or busy has no metrics in this second.
const TIMEOUT: Duration = Duration::from_millis(500);

/// Samples until the task is aborted.
pub(crate) async fn sample(parts: Arc<Parts>, metrics: [SocketAddr; INSTANCES], client: Client) {
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        let due = ticks.tick().await;
        let late = due.elapsed();
        parts
            .journal
            .count(|counts| counts.latest_timer = counts.latest_timer.max(late));
        parts.provider.forget_requests();
        for (number, address) in metrics.iter().enumerate() {
            // A fault may hold the lock while it waits for the end of the process.
            let process = parts.instances[number]
                .try_lock()
                .ok()
                .and_then(|instance| instance.process());
            let Some((process, id)) = process else {
                continue;
            };
            let Some(memory) = resident(id) else {
                continue;
            };
            let text = timeout(TIMEOUT, read(&client, *address)).await.ok().flatten();
            parts.journal.gauges(number, gauges(process, memory, text.as_deref()));
        }
    }
}

async fn read(client: &Client, address: SocketAddr) -> Option<String> {
    let answer = client.get(format!("http://{address}/metrics")).send().await.ok()?;
    answer.error_for_status().ok()?.text().await.ok()
}

fn gauges(process: Process, resident: u64, text: Option<&str>) -> Gauges {
    let sample = |metrics: &Metrics<'_>| Sample {
        // A counter is missing until it has counted.
        refreshes: metrics.sum("logto_refreshes_total", &[]).unwrap_or_default(),
        lease_waits: metrics.sum("logto_lease_waits_total", &[]).unwrap_or_default(),
        token_requests: metrics.buckets("logto_provider_request_duration_seconds", &["endpoint=\"token\""]),
        saves: metrics.buckets("logto_store_duration_seconds", &["operation=\"save\""]),
    };
    Gauges {
        generation: process.generation,
        resident,
        metrics: text.map(Metrics::of).as_ref().map(sample),
    }
}
