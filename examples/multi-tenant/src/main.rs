//! The server. `ADDRESS` is where it listens, `TENANTS` lists the hosts; the variables of a tenant begin with the first label of
//! its host: `ACME_LOGTO_ENDPOINT` for `acme.localhost:3000`.

use std::{env, error::Error};

use example_multi_tenant::{router, tenant};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let mut tenants = Vec::new();
    for host in env::var("TENANTS")?.split_whitespace() {
        let prefix = host.split('.').next().unwrap_or_default().to_uppercase();
        let logto = tenant(|name| match name {
            "LOGTO_BASE_URL" => Some(format!("http://{host}")),
            name => env::var(format!("{prefix}_{name}")).ok(),
        });
        tenants.push(logto?);
    }
    let address = env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router(tenants)).await?;
    Ok(())
}
