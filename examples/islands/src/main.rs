//! The server: settings from the environment, the routes of Leptos and Logto, the session layer.

use std::{env, error::Error};

use axum::Router;
use example_islands::{App, shell};
use leptos::prelude::get_configuration;
use leptos_axum::{LeptosRoutes, generate_route_list};
use logto_leptos::{Logto, LogtoConfig, WebConfig, server_functions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let leptos_options = get_configuration(None)?.leptos_options;
    let address = leptos_options.site_addr;
    let logto = Logto::new(
        LogtoConfig::new(
            setting("LOGTO_ENDPOINT")?,
            setting("LOGTO_APP_ID")?,
            setting("LOGTO_APP_SECRET")?,
        ),
        WebConfig::new(setting("LOGTO_BASE_URL")?, [setting("LOGTO_COOKIE_SECRET")?.into()]),
    )?;
    tokio::spawn(logto.clone().watch_set_up());
    let app = Router::new()
        .leptos_routes(&leptos_options, generate_route_list(App), {
            let leptos_options = leptos_options.clone();
            move || shell(leptos_options.clone())
        })
        .fallback(leptos_axum::file_and_error_handler(shell))
        .merge(logto.routes())
        .layer(logto.layer().with_server_functions(server_functions()))
        .with_state(leptos_options);
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{address}");
    axum::serve(listener, app).await?;
    Ok(())
}

fn setting(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set; see .env.example"))
}
