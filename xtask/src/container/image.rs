//! The image as a directory, and the app that runs in it.

use std::{
    fs, io,
    os::unix::{
        fs::{PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

use tempfile::TempDir;

use super::dockerfile::{Copied, Stage};
use crate::error::{Error, Result};

const FILE: &str = "Dockerfile";

/// The files and settings of the last stage.
pub(crate) struct Image<'a> {
    root: TempDir,
    stage: &'a Stage,
    variables: Vec<(String, String)>,
}

impl<'a> Image<'a> {
    /// Copies the files of the stage. `find` returns the place of the source on this machine.
    pub(crate) fn new(stage: &'a Stage, find: impl Fn(&Copied) -> Result<PathBuf>) -> Result<Self> {
        let root = tempfile::tempdir().map_err(Error::file("the directory for temporary files"))?;
        // Its own user is not that of the stage.
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(root.path(), open).map_err(Error::file(root.path()))?;
        let image = Self {
            root,
            stage,
            variables: stage.variables.clone(),
        };
        for copied in &stage.copies {
            let (source, destination) = (find(copied)?, image.path(&copied.destination));
            copy_all(&source, &destination).map_err(Error::file(source))?;
        }
        Ok(image)
    }

    /// Sets a variable, as the options of the container engine do.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(other, _)| other != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Starts the entry point.
    pub(crate) fn start(&self) -> Result<Child> {
        let mut command = self.command(&self.stage.entry_point)?;
        command.spawn().map_err(|source| Error::Start {
            program: "the entry point".to_owned(),
            source,
        })
    }

    /// Runs the health check.
    pub(crate) fn health(&self) -> Result<ExitStatus> {
        let mut command = self.command(&self.stage.health_check)?;
        command.status().map_err(|source| Error::Start {
            program: "the health check".to_owned(),
            source,
        })
    }

    /// The place of a program of the image on this machine.
    pub(crate) fn entry_point(&self) -> PathBuf {
        self.path(self.stage.entry_point.first().map_or("", String::as_str))
    }

    /// The names of the files in a directory.
    pub(crate) fn files(&self, directory: &str) -> Result<Vec<String>> {
        let directory = self.path(directory);
        let entries = fs::read_dir(&directory).map_err(Error::file(&directory))?;
        let names = entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok());
        Ok(names.collect())
    }

    /// A command with the environment, directory and user of the stage.
    fn command(&self, words: &[String]) -> Result<Command> {
        let Some((program, arguments)) = words.split_first() else {
            return Err(Error::format(FILE, "ENTRYPOINT or HEALTHCHECK is missing"));
        };
        let mut command = Command::new(self.path(program));
        let variables = self.variables.iter().map(|(name, value)| (name, value));
        command
            .args(arguments)
            .env_clear()
            .envs(variables)
            .current_dir(self.path("."))
            .stdin(Stdio::null());
        let (user, group) = user(&self.stage.user)?;
        if is_root() {
            command.uid(user).gid(group);
        }
        Ok(command)
    }

    /// A path of the image on this machine.
    fn path(&self, path: &str) -> PathBuf {
        let absolute = Path::new("/").join(&self.stage.directory).join(path);
        let relative = absolute.strip_prefix("/").unwrap_or(&absolute);
        self.root.path().join(relative)
    }
}

/// Reads `USER 65532:65532`. Names would have to be known to the image.
fn user(text: &str) -> Result<(u32, u32)> {
    let ids = text.split_once(':').map(|(user, group)| (user.parse(), group.parse()));
    match ids {
        Some((Ok(user), Ok(group))) if user != 0 && group != 0 => Ok((user, group)),
        _ => Err(Error::format(FILE, format!("USER {text}: not two numbers above 0"))),
    }
}

/// Only root may start a program as another user.
fn is_root() -> bool {
    let Ok(file) = tempfile::NamedTempFile::new() else {
        return false;
    };
    chown(file.path(), Some(1), Some(1)).is_ok()
}

/// Copies a file, or what a directory contains.
fn copy_all(source: &Path, destination: &Path) -> io::Result<()> {
    fs::create_dir_all(destination)?;
    if source.is_file() {
        return copy_file(source, destination);
    }
    for entry in fs::read_dir(source)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &destination.join(entry.file_name()))?;
        } else {
            copy_file(&entry.path(), destination)?;
        }
    }
    Ok(())
}

fn copy_file(file: &Path, directory: &Path) -> io::Result<()> {
    let name = file.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    fs::copy(file, directory.join(name)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_its_files_its_directory_and_its_settings() {
        let files = tempfile::tempdir().unwrap();
        fs::create_dir_all(files.path().join("site/pkg")).unwrap();
        fs::write(files.path().join("site/pkg/app.css"), "css").unwrap();
        let script = files.path().join("app");
        fs::write(&script, "#!/bin/sh\ntest -f site/pkg/app.css && test \"$A$B\" = 13\n").unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        let stage = Stage {
            directory: "/app".to_owned(),
            variables: vec![("A".to_owned(), "1".to_owned()), ("B".to_owned(), "2".to_owned())],
            copies: vec![Copied {
                from: None,
                source: ".".to_owned(),
                destination: "./".to_owned(),
            }],
            user: "65532:65532".to_owned(),
            health_check: vec!["/app/app".to_owned()],
            ..Stage::default()
        };
        let mut image = Image::new(&stage, |_| Ok(files.path().to_owned())).unwrap();
        assert!(!image.health().unwrap().success());
        image.set("B", "3");
        assert!(image.health().unwrap().success());
    }

    #[test]
    fn the_user_is_a_number_and_not_root() {
        assert_eq!(user("65532:1").unwrap(), (65532, 1));
        for text in ["", "0:0", "nonroot:nonroot", "1"] {
            assert!(user(text).is_err(), "{text}");
        }
    }
}
