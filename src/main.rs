//! Settings, build, serve.

use std::process::ExitCode;

use quick_start::server::{self, Settings};

#[tokio::main]
async fn main() -> ExitCode {
    // Variables that are set win over the file; a missing file is no error.
    dotenvy::dotenv().ok();
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
    let router = server::router(settings)?;
    server::serve(address, router).await
}
