//! The server: settings from the environment, and the routes.

use std::{env, error::Error};

use logto_axum::TokenVerifier;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let verifier = TokenVerifier::from_env()?; // LOGTO_ENDPOINT
    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:3002".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("listening on http://{address}");
    axum::serve(listener, example_axum_api::router(&verifier)).await?;
    Ok(())
}
