//! `.dockerignore`, with the rules of
//! <https://docs.docker.com/build/concepts/context/#dockerignore-files>.

use std::path::Path;

use globset::{GlobBuilder, GlobMatcher};

/// The patterns of the file. The last one that matches a path decides.
pub(super) struct Ignored(Vec<Pattern>);

struct Pattern {
    text: String,
    matcher: GlobMatcher,
    /// Whether the pattern begins with `!`.
    includes: bool,
}

impl Ignored {
    /// Parses the text of the file. Returns the first invalid pattern as an error.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(Pattern::parse).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the build does not get this file or directory.
    pub(super) fn has(&self, path: &Path) -> bool {
        let matching = self.0.iter().rev().find(|pattern| pattern.matches(path));
        matching.is_some_and(|pattern| !pattern.includes)
    }

    /// Whether the build gets nothing that is in this directory.
    pub(super) fn has_all_of(&self, directory: &Path) -> bool {
        let may_include = |pattern: &Pattern| pattern.includes && Path::new(&pattern.text).starts_with(directory);
        self.has(directory) && !self.0.iter().any(may_include)
    }
}

impl Pattern {
    fn parse(line: &str) -> Result<Self, String> {
        let (includes, text) = line.strip_prefix('!').map_or((false, line), |text| (true, text));
        let text = text.trim_matches('/').to_owned();
        if includes && text.contains(['*', '?', '[']) {
            // `has_all_of` would have to compare patterns.
            return Err(format!("{line}: only patterns without wildcards may follow `!` here"));
        }
        let glob = GlobBuilder::new(&text).literal_separator(true).build();
        let matcher = glob.map_err(|error| error.to_string())?.compile_matcher();
        Ok(Self {
            text,
            matcher,
            includes,
        })
    }

    /// A pattern that matches a directory matches everything in it.
    fn matches(&self, path: &Path) -> bool {
        path.ancestors()
            .filter(|path| *path != Path::new(""))
            .any(|path| self.matcher.is_match(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_pattern_that_matches_a_path_or_its_directory_decides() {
        let text = "# comment\n*\n!src\n!/end2end/apps/\n\n**/.env*\nsrc/private\n";
        let ignored = Ignored::parse(text).unwrap();
        for (path, expected) in [
            ("src", false),
            ("src/main.rs", false),
            ("src/deep/er/file", false),
            ("src/.env", true),
            ("src/deep/.env.local/file", true),
            ("src/private/key", true),
            (".env", true),
            ("end2end/tests", true),
            ("end2end/apps/one/main.rs", false),
            ("srcs", true),
        ] {
            assert_eq!(ignored.has(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn a_directory_is_searched_if_a_pattern_includes_a_part_of_it() {
        let ignored = Ignored::parse("*\n!end2end/apps\n").unwrap();
        assert!(!ignored.has_all_of(Path::new("end2end")));
        assert!(ignored.has_all_of(Path::new("target")));
    }

    #[test]
    fn an_invalid_pattern_is_an_error() {
        assert!(Ignored::parse("a[").is_err());
        assert!(Ignored::parse("!*.rs").is_err());
    }
}
