//! Writes the cookies of a signed-in user in the format of Playwright's `storageState`.
//!
//! ```sh
//! LOGTO_ENDPOINT=… LOGTO_APP_ID=… LOGTO_APP_SECRET=… LOGTO_COOKIE_SECRET=… LOGTO_BASE_URL=… \
//!     cargo run -p logto-axum --features testing --example storage_state -- ada.json ada admin
//! ```
//!
//! The arguments are the file, the user's name and the user's roles. The settings are those of the
//! app under test, so that it can open the cookies. Neither Logto nor the app has to run.

use std::{
    env::{self, VarError},
    error::Error,
};

use logto_axum::{Logto, LogtoConfig, UserScope, WebConfig};
use logto_testing::{Browser, User};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(file), Some(name)) = (arguments.next(), arguments.next()) else {
        return Err("usage: storage_state FILE USER [ROLE…]".into());
    };
    let user = arguments.fold(User::new(&name), |user, role| user.with_role(&role));
    let logto = logto()?;
    let browser = Browser::of(logto.routes()).signed_in_as(&logto, user).await;
    browser.write_storage_state(&file)?;
    println!("{file} has the cookies of {name} for {}", variable("LOGTO_BASE_URL")?);
    Ok(())
}

/// The same settings as in the app.
fn logto() -> Result<Logto, Box<dyn Error>> {
    let (endpoint, id, secret) = (
        variable("LOGTO_ENDPOINT")?,
        variable("LOGTO_APP_ID")?,
        variable("LOGTO_APP_SECRET")?,
    );
    let config = LogtoConfig::new(endpoint, id, secret).with_scopes([UserScope::Roles]);
    let web = WebConfig::new(variable("LOGTO_BASE_URL")?, [variable("LOGTO_COOKIE_SECRET")?.into()]);
    Ok(Logto::new(config, web)?)
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| match error {
        VarError::NotPresent => format!("set {name} to the value that the app has"),
        VarError::NotUnicode(_) => format!("{name} is not valid Unicode"),
    })
}
