//! Samples memory and metrics of the instances once a second.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use reqwest::Client;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::{
    chaos::Parts,
    instance::{Metrics, Process, resident},
    journal::{Gauges, INSTANCES},
};

const INTERVAL: Duration = Duration::from_secs(1);
/// An instance that is down or busy has no metrics in this second.
const TIMEOUT: Duration = Duration::from_millis(500);

/// Samples until the task is aborted.
pub(crate) async fn sample(parts: Arc<Parts>, metrics: [SocketAddr; INSTANCES], client: Client) {
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
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
    let metrics = text.map(Metrics::of);
    Gauges {
        generation: process.generation,
        resident,
        lease_waits: metrics
            .as_ref()
            .and_then(|metrics| metrics.sum("logto_lease_waits_total", &[])),
        provider_p95: metrics.and_then(|metrics| metrics.quantile("logto_provider_request_seconds", 0.95)),
    }
}
