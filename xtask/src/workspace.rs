//! The packages of the workspace and their features, as Cargo reports them.

use std::{path::PathBuf, process::Command};

use cargo_metadata::{MetadataCommand, Package, semver::Version};

use crate::{
    error::{Error, Result},
    process::output,
};

/// The target that the browser's part of the app is compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Features for the server: rendering, metrics, the optional stores and the program that starts them for
/// tests, sessions without a provider, and the development provider.
pub(crate) const SERVER_FEATURES: [&str; 7] = [
    "ssr",
    "dev-provider",
    "metrics",
    "postgres",
    "redis",
    "stores",
    "testing",
];

pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
    /// Cargo's target directory.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Asks `cargo metadata`, without resolving dependencies.
    pub(crate) fn load() -> Result<Self> {
        let metadata = MetadataCommand::new().no_deps().exec()?;
        Ok(Self {
            packages: metadata.packages,
            target: metadata.target_directory.into(),
        })
    }

    /// The packages under `crates/`.
    pub(crate) fn libraries(&self) -> impl Iterator<Item = &Package> {
        let is_library = |package: &&Package| {
            let directory = package.manifest_path.ancestors().nth(2);
            directory.is_some_and(|directory| directory.ends_with("crates"))
        };
        self.packages.iter().filter(is_library)
    }

    /// The packages with a part that runs in the browser.
    pub(crate) fn in_browser(&self) -> impl Iterator<Item = &Package> {
        let packages = self.packages.iter();
        packages.filter(|package| package.features.contains_key("hydrate"))
    }

    /// The server's features of all packages.
    pub(crate) fn server_features(&self) -> String {
        features_of(&self.packages, &SERVER_FEATURES)
    }
}

/// The features that each package has, in the form of Cargo's `--features` for several packages:
/// `logto-leptos/ssr,quick-start/ssr`.
pub(crate) fn features_of<'a>(packages: impl IntoIterator<Item = &'a Package>, features: &[&str]) -> String {
    let mut names = Vec::new();
    for package in packages {
        let present = features
            .iter()
            .filter(|feature| package.features.contains_key(**feature));
        names.extend(present.map(|feature| format!("{}/{feature}", package.name)));
    }
    names.join(",")
}

/// The version of a dependency in `Cargo.lock`.
pub(crate) fn locked_version(name: &str) -> Result<Version> {
    // registry+https://github.com/rust-lang/crates.io-index#wasm-bindgen@0.2.130
    let id = output(Command::new("cargo").args(["pkgid", name]));
    let version = id
        .as_deref()
        .and_then(|id| id.trim().rsplit_once('@'))
        .map(|(_, version)| version);
    version.and_then(|version| Version::parse(version).ok()).ok_or_else(|| {
        Error::advised(
            format!("Cargo.lock does not contain one version of {name}"),
            ["Restore it: git checkout Cargo.lock"],
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_gets_only_the_features_it_has() {
        let workspace = Workspace::load().unwrap();
        let features = features_of(workspace.libraries(), &SERVER_FEATURES);
        let features: Vec<_> = features.split(',').collect();
        assert!(
            features.contains(&"logto/redis") && features.contains(&"logto-leptos/ssr"),
            "{features:?}"
        );
        assert!(
            !features.contains(&"logto/ssr") && !features.contains(&"xtask/stores"),
            "{features:?}"
        );
    }

    #[test]
    fn the_app_runs_in_the_browser() {
        let workspace = Workspace::load().unwrap();
        let names: Vec<_> = workspace.in_browser().map(|package| package.name.as_str()).collect();
        assert!(names.contains(&"quick-start") && !names.contains(&"logto"), "{names:?}");
    }

    #[test]
    fn a_locked_version_is_that_of_the_named_package() {
        assert_eq!(locked_version("wasm-bindgen").unwrap().major, 0);
        let error = locked_version("absent").unwrap_err().to_string();
        assert!(error.contains("absent"), "{error}");
    }
}
