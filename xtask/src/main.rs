//! The part of `script/*` that parses and decides. The scripts start it; `cargo xtask` runs it by
//! hand.

mod container;
mod environment;
mod error;
mod mutants;
mod output;
mod process;
mod profile;
mod server;
mod set_up;
mod test;
mod toolchain;
mod version;
mod workspace;

use std::{env, path::Path, process::ExitCode};

use crate::error::{Error, Result};

const USAGE: &str = "\
usage: cargo xtask COMMAND

  test [--only NAME…]       runs the checks: script/test
  set-up PART…              installs missing tools, prints changes to the environment: script/setup
  server-environment        reads the settings of the app, prints the environment: script/server
  profile instrument|clear|merge|use
                            prepares builds that follow a profile: script/release
  mutants [--continue] [TARGET…]
                            runs mutation tests: script/mutants

With Redis and PostgreSQL for the time of a command, their addresses in REDIS_URL and DATABASE_URL:

  cargo run --package xtask --features stores --bin with-stores -- [--redis] COMMAND…";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            error.print();
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    env::set_current_dir(&root).map_err(Error::file(root))?;
    match arguments {
        ["test", rest @ ..] => return test::main(rest),
        ["set-up", rest @ ..] => set_up::main(rest)?,
        ["server-environment", rest @ ..] => server::main(rest)?,
        ["profile", rest @ ..] => profile::main(rest)?,
        ["mutants", rest @ ..] => mutants::main(rest)?,
        ["--help" | "-h"] => println!("{USAGE}"),
        _ => {
            eprintln!("{USAGE}");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}
