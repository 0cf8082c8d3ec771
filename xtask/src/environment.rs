//! Environment variables for child processes and for the calling shell.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

/// Changes to the environment of this process. They apply to the commands made here, and to the
/// calling script when it evaluates [`Environment::exports`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment(BTreeMap<String, String>);

impl Environment {
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// The value of a variable; `None` if it is unset or empty.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let value = self.0.get(name).cloned().or_else(|| env::var(name).ok());
        value.filter(|value| !value.is_empty())
    }

    /// Puts a directory in front of `PATH`.
    pub(crate) fn prepend_path(&mut self, directory: &Path) {
        self.set("PATH", format!("{}:{}", directory.display(), self.path()));
    }

    /// Puts a directory at the end of `PATH`, unless `PATH` contains it.
    pub(crate) fn append_path(&mut self, directory: &Path) {
        let path = self.path();
        if !env::split_paths(&path).any(|entry| entry == directory) {
            self.set("PATH", format!("{path}:{}", directory.display()));
        }
    }

    fn path(&self) -> String {
        self.get("PATH").unwrap_or_default()
    }

    /// The path of a program: found on `PATH`, or `program` itself if it contains a slash.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        if program.contains('/') {
            return Some(PathBuf::from(program)).filter(|file| file.is_file());
        }
        env::split_paths(&self.path())
            .map(|directory| directory.join(program))
            .find(|file| file.is_file())
    }

    pub(crate) fn has(&self, program: &str) -> bool {
        self.find(program).is_some()
    }

    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.envs(&self.0);
        command
    }

    /// The changes as shell commands.
    pub(crate) fn exports(&self) -> String {
        let line = |(name, value): (&String, &String)| format!("export {name}={}\n", quote(value));
        self.0.iter().map(line).collect()
    }
}

/// Quotes text for the shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_survive_evaluation_by_the_shell() {
        let mut environment = Environment::default();
        let value = "a 'quoted' \"value\" with $HOME, `date` and\na second line";
        environment.set("XTASK_VALUE", value);
        let script = format!("{}printf %s \"$XTASK_VALUE\"", environment.exports());
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), value);
    }

    #[test]
    fn a_directory_is_appended_to_the_path_once() {
        let mut environment = Environment::default();
        environment.set("PATH", "/a:/b");
        environment.append_path(Path::new("/b"));
        environment.append_path(Path::new("/c"));
        environment.prepend_path(Path::new("/d"));
        assert_eq!(environment.get("PATH").unwrap(), "/d:/a:/b:/c");
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let mut environment = Environment::default();
        environment.set("XTASK_EMPTY", "");
        assert_eq!(environment.get("XTASK_EMPTY"), None);
    }
}
