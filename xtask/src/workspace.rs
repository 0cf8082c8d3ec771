//! The packages of the workspace and their features, as Cargo reports them.

use std::path::PathBuf;

use cargo_metadata::{MetadataCommand, Package as CargoPackage};
use semver::Version;
use serde::Deserialize;

use crate::error::{Error, Result};

/// The target that the browser's part of the app is compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Features for the server: rendering, the optional stores, and the program that starts them for
/// tests.
pub(crate) const SERVER_FEATURES: [&str; 5] = ["ssr", "dev-provider", "postgres", "redis", "stores"];

#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
    /// Cargo's target directory.
    pub(crate) target: PathBuf,
}

#[derive(Clone, Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) features: Vec<String>,
    /// Whether it is one of the libraries under `crates/`.
    pub(crate) is_library: bool,
    pub(crate) rust_version: Option<Version>,
}

impl Workspace {
    /// Asks `cargo metadata`, without resolving dependencies.
    pub(crate) fn load() -> Result<Self> {
        let metadata = MetadataCommand::new().no_deps().exec()?;
        let libraries = metadata.workspace_root.join("crates");
        let package = |package: &CargoPackage| Package {
            name: package.name.to_string(),
            features: package.features.keys().cloned().collect(),
            is_library: package.manifest_path.starts_with(&libraries),
            rust_version: package.rust_version.clone(),
        };
        Ok(Self {
            packages: metadata.packages.iter().map(package).collect(),
            target: metadata.target_directory.into(),
        })
    }

    pub(crate) fn libraries(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_library)
    }

    /// The packages with a part that runs in the browser.
    pub(crate) fn in_browser(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.has("hydrate"))
    }

    /// The server's features of all packages.
    pub(crate) fn server_features(&self) -> String {
        features_of(&self.packages, &SERVER_FEATURES)
    }
}

impl Package {
    pub(crate) fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|name| name == feature)
    }
}

/// The features that each package has, in the form of Cargo's `--features` for several packages:
/// `logto-leptos/ssr,quick-start/ssr`.
pub(crate) fn features_of<'a>(packages: impl IntoIterator<Item = &'a Package>, features: &[&str]) -> String {
    let mut names = Vec::new();
    for package in packages {
        let present = features.iter().filter(|feature| package.has(feature));
        names.extend(present.map(|feature| format!("{}/{feature}", package.name)));
    }
    names.join(",")
}

/// The version of a dependency in `Cargo.lock`.
pub(crate) fn locked_version(lock: &str, name: &str) -> Result<Version> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Locked>,
    }
    #[derive(Deserialize)]
    struct Locked {
        name: String,
        version: Version,
    }
    let lock: Lock = toml::from_str(lock).map_err(|error| Error::format("Cargo.lock", error.message()))?;
    let package = lock.package.into_iter().find(|package| package.name == name);
    package.map(|package| package.version).ok_or_else(|| {
        Error::advised(
            format!("Cargo.lock does not contain {name}"),
            ["Restore it: git checkout Cargo.lock"],
        )
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn package(name: &str, features: &[&str]) -> Package {
        Package {
            name: name.to_owned(),
            features: features.iter().map(|&feature| feature.to_owned()).collect(),
            is_library: true,
            rust_version: None,
        }
    }

    #[test]
    fn a_package_gets_only_the_features_it_has() {
        let packages = [
            package("plain", &["other"]),
            package("app", &["hydrate", "ssr"]),
            package("core", &["redis", "postgres"]),
        ];
        assert_eq!(
            features_of(&packages, &SERVER_FEATURES),
            "app/ssr,core/postgres,core/redis"
        );
    }

    #[test]
    fn cargo_lists_the_packages_of_this_workspace() {
        let workspace = Workspace::load().unwrap();
        let libraries: Vec<_> = workspace.libraries().map(|package| package.name.as_str()).collect();
        assert!(
            libraries.contains(&"logto") && !libraries.contains(&"xtask"),
            "{libraries:?}"
        );
        assert!(workspace.server_features().contains("logto-leptos/ssr"));
        assert!(workspace.in_browser().any(|package| package.name == "quick-start"));
    }

    #[test]
    fn a_locked_version_is_that_of_the_named_package() {
        let lock = "version = 4\n[[package]]\nname = \"other\"\nversion = \"1.0.0\"\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").unwrap(), Version::new(0, 2, 130));
        let error = locked_version(lock, "absent").unwrap_err().to_string();
        assert!(error.contains("absent"), "{error}");
        assert!(locked_version("not a lock file", "other").is_err());
    }
}
