//! Installs missing tools for building and testing. Tools that fit are left alone.

mod apt;
mod cargo_tools;
mod chromium;
mod directories;
mod installation;
mod llvm_profdata;
mod node;
mod stores;
mod wasm;

pub(crate) use self::llvm_profdata::VARIABLE as PROFDATA_VARIABLE;

use std::fmt;

use crate::{
    environment::Environment,
    error::{Error, Result},
    output::say,
};

/// A group of tools that a script can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The WebAssembly target, cargo-leptos and wasm-bindgen.
    Wasm,
    /// wasm-opt, for the release build.
    WasmOpt,
    /// Node and the packages of `end2end/`.
    Node,
    /// A browser for the tests.
    Chromium,
    Redis,
    Postgres,
    /// The spell checker.
    Typos,
    /// llvm-profdata, for `script/release`.
    LlvmProfdata,
    /// The load generator of `script/bench`.
    Wrk,
}

impl Part {
    const ALL: [Self; 9] = [
        Self::Wasm,
        Self::WasmOpt,
        Self::Node,
        Self::Chromium,
        Self::Redis,
        Self::Postgres,
        Self::Typos,
        Self::LlvmProfdata,
        Self::Wrk,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Wasm => "wasm",
            Self::WasmOpt => "wasm-opt",
            Self::Node => "node",
            Self::Chromium => "chromium",
            Self::Redis => "redis",
            Self::Postgres => "postgres",
            Self::Typos => "typos",
            Self::LlvmProfdata => "llvm-profdata",
            Self::Wrk => "wrk",
        }
    }

    fn parse(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(" ");
            Error::advised(format!("there is no part named {name}"), [format!("Parts: {names}")])
        })
    }

    /// Installs what is missing, and makes it known to `environment`.
    pub(crate) fn set_up(self, environment: &mut Environment) -> Result {
        match self {
            Self::Wasm => {
                wasm::set_up_target(environment)?;
                cargo_tools::set_up_build_tools(environment)
            }
            Self::WasmOpt => wasm::set_up_wasm_opt(environment),
            Self::Node => node::set_up(environment),
            Self::Chromium => chromium::set_up(environment),
            Self::Redis => stores::set_up_redis(environment),
            Self::Postgres => stores::set_up_postgres(environment),
            Self::Typos => cargo_tools::set_up_typos(environment),
            Self::LlvmProfdata => llvm_profdata::set_up(environment),
            Self::Wrk => apt::set_up_program(
                environment,
                "wrk",
                "wrk",
                "wrk is missing: it generates the load",
                "macOS: brew install wrk",
            ),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Sets up the named parts, and prints the changes to the environment as shell commands.
pub(crate) fn main(names: &[&str]) -> Result {
    let parts = names.iter().map(|name| Part::parse(name)).collect::<Result<Vec<_>>>()?;
    let mut environment = Environment::default();
    say("Setting up");
    for part in parts {
        part.set_up(&mut environment)?;
    }
    print!("{}", environment.exports());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_found_by_its_name() {
        for part in Part::ALL {
            assert_eq!(Part::parse(part.name()).unwrap(), part);
        }
        assert!(Part::parse("nothing").is_err());
    }
}
