//! cargo-deny, unless only a build from source could provide it: that takes many minutes.

use semver::Version;

use super::{apt, directories::cargo_home, installation};
use crate::{
    environment::Environment,
    error::{Error, Result},
    output::note,
};

const PROGRAM: &str = "cargo-deny";
/// The version to download. Any version on `PATH` is used.
const VERSION: Version = Version::new(0, 20, 2);

pub(super) fn set_up(environment: &mut Environment) -> Result {
    let cargo_home = cargo_home(environment)?;
    // `cargo install` and cargo-binstall put programs here.
    environment.append_path(&cargo_home.join("bin"));
    let is_installed = environment.has(PROGRAM)
        || installation::download(environment, PROGRAM, &VERSION, &cargo_home)
        || apt::offers(environment, PROGRAM) && apt::install(environment, &[PROGRAM]);
    if is_installed && environment.has(PROGRAM) {
        note(PROGRAM);
        return Ok(());
    }
    Err(Error::advised(
        format!("{PROGRAM} is not installed"),
        [format!("cargo install --locked {PROGRAM}")],
    ))
}
