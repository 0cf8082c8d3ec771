//! The files that the build gets.

use std::{
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use super::ignored::Ignored;
use crate::error::{Error, Result};

const FILE: &str = ".dockerignore";

/// A copy of the files that `.dockerignore` leaves. Unchanged files keep their time, so that Cargo
/// compiles only what has changed since the last copy.
pub(crate) struct BuildContext {
    /// The directory with the copy.
    pub(crate) directory: PathBuf,
}

impl BuildContext {
    /// Updates the copy of a directory.
    pub(crate) fn update(source: &Path, directory: PathBuf) -> Result<Self> {
        let text = fs::read_to_string(source.join(FILE)).map_err(Error::file(FILE))?;
        let ignored = Ignored::parse(&text).map_err(|problem| Error::format(FILE, problem))?;
        let mut files = Vec::new();
        list(source, Path::new(""), &ignored, &mut files)?;
        remove_others(&directory, Path::new(""), &files)?;
        for file in &files {
            copy(&source.join(file), &directory.join(file)).map_err(Error::file(file))?;
        }
        Ok(Self { directory })
    }
}

/// Lists files and symbolic links, with paths relative to `root`.
fn list(root: &Path, directory: &Path, ignored: &Ignored, files: &mut Vec<PathBuf>) -> Result {
    for (path, is_directory) in entries(root, directory)? {
        if is_directory {
            if !ignored.has_all_of(&path) {
                list(root, &path, ignored, files)?;
            }
        } else if !ignored.has(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// Removes what an earlier copy or build has left.
fn remove_others(root: &Path, directory: &Path, files: &[PathBuf]) -> Result {
    if !root.join(directory).is_dir() {
        return Ok(());
    }
    for (path, is_directory) in entries(root, directory)? {
        let absolute = root.join(&path);
        if is_directory {
            if files.iter().any(|file| file.starts_with(&path) && file != &path) {
                remove_others(root, &path, files)?;
            } else {
                fs::remove_dir_all(&absolute).map_err(Error::file(absolute))?;
            }
        } else if !files.contains(&path) {
            fs::remove_file(&absolute).map_err(Error::file(absolute))?;
        }
    }
    Ok(())
}

fn entries(root: &Path, directory: &Path) -> Result<Vec<(PathBuf, bool)>> {
    let absolute = root.join(directory);
    let read = || -> io::Result<_> {
        let entries = fs::read_dir(&absolute)?.map(|entry| {
            let entry = entry?;
            Ok((directory.join(entry.file_name()), entry.file_type()?.is_dir()))
        });
        entries.collect()
    };
    read().map_err(Error::file(&absolute))
}

fn copy(source: &Path, destination: &Path) -> io::Result<()> {
    if let Some(directory) = destination.parent() {
        fs::create_dir_all(directory)?;
    }
    if source.is_symlink() {
        let _ = fs::remove_file(destination);
        return symlink(fs::read_link(source)?, destination);
    }
    let is_same = fs::read(destination).is_ok_and(|old| fs::read(source).is_ok_and(|new| old == new));
    if !is_same {
        fs::copy(source, destination)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, file: &str, text: &str) {
        let file = root.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    #[test]
    fn a_copy_has_only_what_is_left_and_keeps_the_time_of_unchanged_files() {
        let (source, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (root, directory) = (source.path(), copy.path());
        write(root, FILE, "*\n!src\n!link\n**/.env*\n");
        for file in ["src/a.rs", "src/b.rs", "src/.env", "secret.pem"] {
            write(root, file, "one");
        }
        symlink("src", root.join("link")).unwrap();
        write(directory, "app/left", "by an earlier build");
        write(directory, "src/removed.rs", "from an earlier copy");
        BuildContext::update(root, directory.to_owned()).unwrap();
        let time = |file: &str| fs::metadata(directory.join(file)).unwrap().modified().unwrap();
        let before = time("src/a.rs");

        write(root, "src/a.rs", "one");
        write(root, "src/b.rs", "two");
        BuildContext::update(root, directory.to_owned()).unwrap();

        assert_eq!(time("src/a.rs"), before);
        assert_eq!(fs::read_to_string(directory.join("src/b.rs")).unwrap(), "two");
        assert_eq!(fs::read_link(directory.join("link")).unwrap(), Path::new("src"));
        for file in ["src/.env", "secret.pem", "app", "src/removed.rs"] {
            assert!(!directory.join(file).exists(), "{file}");
        }
    }
}
