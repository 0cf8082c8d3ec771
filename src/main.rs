//! Reads the settings, builds the router and serves requests.

// The type of a view nests as deeply as its elements.
#![recursion_limit = "512"]

use std::{env, fmt::Display, process::ExitCode, time::Duration};

use logto_leptos::Logto;
use quick_start::server::{self, Settings};

/// Rendering a page makes about a thousand small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long refreshes may take to finish after the last request: longer than the provider may take to
/// answer.
const REFRESHES: Duration = Duration::from_secs(12);

#[tokio::main]
async fn main() -> ExitCode {
    // Variables of the environment take precedence over the file. The file may be missing.
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        eprintln!(".env cannot be read: {error}; put values with spaces into quotes");
        return ExitCode::FAILURE;
    }
    match env::args().nth(1).as_deref() {
        None => {
            server::start_logging();
            exit_code(run().await)
        }
        Some("--health") => exit_code(server::check_health().await),
        Some(other) => {
            eprintln!("there is no option {other}; --health asks the running app whether it serves requests");
            ExitCode::from(2)
        }
    }
}

fn exit_code(result: Result<(), impl Display>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), server::StartError> {
    let settings = Settings::load()?;
    let address = settings.leptos.site_addr;
    let (drain_delay, drain_limit) = (settings.drain_delay, settings.drain_limit);
    if let Some(address) = settings.metrics_address {
        server::serve_metrics(address).await?;
    }
    let logto = Logto::new(settings.logto.clone(), settings.web.clone())?;
    let router = server::router(settings, &logto)?;
    server::serve(address, router, server::drain(logto.clone(), drain_delay), drain_limit).await?;
    if !logto.finish_refreshes(REFRESHES).await {
        tracing::warn!("refreshes in flight were interrupted; their users may have to sign in again");
    }
    Ok(())
}
