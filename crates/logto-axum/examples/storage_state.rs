//! Writes the cookies of a signed-in user in the format of Playwright's `storageState`.
//!
//! ```sh
//! cargo run -p logto-axum --features testing --example storage_state -- ada.json ada admin
//! ```
//!
//! The arguments are the file, the user's name and the user's roles. The settings come from the same
//! environment variables as those of the app under test, so that it can open the cookies. Neither
//! Logto nor the app has to run.

use std::{env, error::Error};

use logto_axum::Logto;
use logto_testing::{Browser, User};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(file), Some(name)) = (arguments.next(), arguments.next()) else {
        return Err("usage: storage_state FILE USER [ROLE…]".into());
    };
    let user = arguments.fold(User::new(&name), |user, role| user.with_role(&role));
    let logto = Logto::from_env()?;
    let browser = Browser::of(logto.routes()).signed_in_as(&logto, user).await;
    browser.write_storage_state(&file)?;
    println!("{file} has the cookies of {name}");
    Ok(())
}
