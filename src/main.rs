//! Settings, build, serve.

// Views are types as deep as the pages they draw.
#![recursion_limit = "512"]

use std::process::ExitCode;

use logto_leptos::Logto;
use quick_start::server::{self, Settings};

/// Drawing a page is a thousand small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    // Variables that are set win over the file; a missing file is no error, a line that cannot be
    // read is.
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
    let address = settings.leptos.site_addr;
    let logto = Logto::new(settings.logto.clone(), settings.web.clone())?;
    // Says in the log what is wrong, and holds nothing up: the app starts while Logto is down.
    tokio::spawn(logto.clone().watch_set_up());
    let router = server::router(settings, &logto)?;
    server::serve(address, router).await
}
