//! The server: settings from the environment, the routes of Leptos and Logto, the session layer.

use std::error::Error;

use axum::Router;
use end2end_hydrate::{App, shell};
use leptos::prelude::get_configuration;
use leptos_axum::{LeptosRoutes, generate_route_list};
use logto_leptos::{Logto, RouterExt, SecurityHeaders, User, UserView};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let leptos_options = get_configuration(None)?.leptos_options;
    let address = leptos_options.site_addr;
    let (config, web) = Logto::config_from_env()?;
    let web = web
        .with_security_headers(SecurityHeaders::strict())
        .with_user_view(user_view);
    let logto = Logto::new(config, web)?;
    let app = Router::new()
        .leptos_routes(&leptos_options, generate_route_list(App), {
            let leptos_options = leptos_options.clone();
            move || shell(leptos_options.clone())
        })
        .fallback(leptos_axum::file_and_error_handler(shell))
        .with_logto(&logto)
        .with_state(leptos_options);
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{address}");
    axum::serve(listener, app).await?;
    Ok(())
}

/// Adds the user's plan to the default view.
fn user_view(user: &User, view: UserView) -> UserView {
    let plan = user.data::<String>().ok().flatten();
    view.with_claim("plan", plan.unwrap_or_else(|| "Free".to_owned()))
}
