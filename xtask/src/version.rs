use semver::Version;

/// The first version number in the output of a program, such as `rustc 1.95.0 (59807616e)`.
pub(crate) fn version_in(text: &str) -> Option<Version> {
    text.split_whitespace()
        .find_map(|word| Version::parse(word.trim_start_matches('v')).ok())
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
}
