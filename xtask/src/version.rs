use semver::Version;

/// The first version number in the output of a program, such as `rustc 1.95.0 (59807616e)`.
pub(crate) fn version_in(text: &str) -> Option<Version> {
    text.split_whitespace()
        .find_map(|word| Version::parse(word.trim_start_matches('v')).ok())
}

/// Which versions of a tool are accepted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Requirement {
    /// This version only.
    Exact(Version),
    /// This version or a later one with the same major and minor number.
    SameMinor(Version),
    /// This version or a later one.
    AtLeast(Version),
}

impl Requirement {
    pub(crate) fn accepts(&self, found: &Version) -> bool {
        match self {
            Self::Exact(wanted) => found == wanted,
            Self::SameMinor(wanted) => {
                (found.major, found.minor) == (wanted.major, wanted.minor) && found.patch >= wanted.patch
            }
            Self::AtLeast(wanted) => found >= wanted,
        }
    }

    /// The version to install when none fits.
    pub(crate) fn version(&self) -> &Version {
        let (Self::Exact(version) | Self::SameMinor(version) | Self::AtLeast(version)) = self;
        version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_version_in_the_output_of_each_tool() {
        for (output, version) in [
            ("rustc 1.95.0 (59807616e 2026-04-14)", Some(Version::new(1, 95, 0))),
            ("v20.20.2\n", Some(Version::new(20, 20, 2))),
            (
                "Debian LLVM version 19.1.7\n  Optimized build.",
                Some(Version::new(19, 1, 7)),
            ),
            ("wasm-opt version 132", None),
            ("", None),
        ] {
            assert_eq!(version_in(output), version, "{output}");
        }
    }

    #[test]
    fn accepts_only_versions_that_fit() {
        let wanted = Version::new(0, 3, 6);
        for (found, exact, same_minor, at_least) in [
            ((0, 3, 5), false, false, false),
            ((0, 3, 6), true, true, true),
            ((0, 3, 7), false, true, true),
            ((0, 4, 0), false, false, true),
            ((1, 3, 6), false, false, true),
        ] {
            let found = Version::new(found.0, found.1, found.2);
            assert_eq!(Requirement::Exact(wanted.clone()).accepts(&found), exact, "{found}");
            assert_eq!(
                Requirement::SameMinor(wanted.clone()).accepts(&found),
                same_minor,
                "{found}"
            );
            assert_eq!(
                Requirement::AtLeast(wanted.clone()).accepts(&found),
                at_least,
                "{found}"
            );
        }
    }
}
