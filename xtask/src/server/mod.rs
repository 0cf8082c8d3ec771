//! The environment for `script/server`: where the app listens, its addresses, and the local
//! provider's settings.

mod cookie_secret;
mod settings;

use std::net::{Ipv4Addr, TcpStream};

use self::settings::Settings;
use crate::{
    environment::Environment,
    error::{Error, Result},
};

/// Checks that the ports are free, and prints the environment as shell commands.
pub(crate) fn main(arguments: &[&str]) -> Result {
    let is_release = match arguments {
        [] => false,
        ["--release"] => true,
        _ => {
            return Err(Error::advised(
                "unknown arguments",
                ["usage: server-environment [--release]"],
            ));
        }
    };
    let settings = Settings::load()?;
    for port in settings.ports(is_release) {
        if is_in_use(port.number) {
            let problem = format!(
                "port {}, for {}, is in use by another program",
                port.number, port.purpose
            );
            let advice = format!("End that program, or choose another port: {}", port.other);
            return Err(Error::advised(problem, [advice]));
        }
    }
    let mut environment = Environment::default();
    settings.add_to(&mut environment, is_release);
    // The development provider has one for the app.
    let has_provider = settings.endpoint.is_none() && !is_release;
    if settings.needs_cookie_secret && !has_provider {
        environment.set("LOGTO_COOKIE_SECRET", cookie_secret::load_or_create()?);
    }
    print!("{}", environment.exports());
    Ok(())
}

fn is_in_use(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}
