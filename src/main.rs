//! Reads the settings, builds the router and serves requests.

// The type of a view nests as deeply as its elements.
#![recursion_limit = "512"]

use std::{process::ExitCode, time::Duration};

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
    server::start_logging();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), server::StartError> {
    let settings = Settings::load()?;
    let (address, drain_delay) = (settings.leptos.site_addr, settings.drain_delay);
    if let Some(address) = settings.metrics_address {
        server::serve_metrics(address).await?;
    }
    let logto = Logto::new(settings.logto.clone(), settings.web.clone())?;
    let router = server::router(settings, &logto)?;
    server::serve(address, router, server::drain(logto.clone(), drain_delay)).await?;
    if !logto.finish_refreshes(REFRESHES).await {
        tracing::warn!("refreshes in flight were interrupted; their users may have to sign in again");
    }
    Ok(())
}
