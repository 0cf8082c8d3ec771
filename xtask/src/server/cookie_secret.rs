//! The secret that seals sessions on a developer's machine. It is kept in a file, so that sessions
//! survive a restart.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use crate::{
    error::{Error, Result},
    output::note,
};

const FILE: &str = ".env.local";
const VARIABLE: &str = "LOGTO_COOKIE_SECRET";

pub(super) fn load_or_create() -> Result<String> {
    load_or_create_in(Path::new(FILE))
}

fn load_or_create_in(file: &Path) -> Result<String> {
    if let Some(secret) = load(file)? {
        return Ok(secret);
    }
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    let secret = bytes.map(|byte| format!("{byte:02x}")).concat();
    let mut options = OpenOptions::new();
    let mut handle = options
        .append(true)
        .create(true)
        .mode(0o600)
        .open(file)
        .map_err(Error::file(file))?;
    writeln!(handle, "{VARIABLE}={secret}").map_err(Error::file(file))?;
    note(&format!(
        "A cookie secret for this machine is in {} (ignored by git). Delete the file to sign everyone out.",
        file.display()
    ));
    Ok(secret)
}

fn load(file: &Path) -> Result<Option<String>> {
    let variables = match dotenvy::from_path_iter(file) {
        Ok(variables) => variables,
        Err(dotenvy::Error::Io(error)) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::format(file, error.to_string())),
    };
    for variable in variables {
        let (name, value) = variable.map_err(|error| Error::format(file, error.to_string()))?;
        if name == VARIABLE && !value.is_empty() {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    #[test]
    fn the_secret_is_created_once_for_its_owner_only() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(".env.local");
        let secret = load_or_create_in(&file).unwrap();
        assert_eq!(secret.len(), 64);
        assert_eq!(load_or_create_in(&file).unwrap(), secret);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(".env.local");
        fs::write(&file, "LOGTO_COOKIE_SECRET='unfinished\n").unwrap();
        assert!(load_or_create_in(&file).is_err());
    }
}
