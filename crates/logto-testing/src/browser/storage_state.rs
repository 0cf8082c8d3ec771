//! The cookies of a browser in the format of Playwright's `storageState`.

use std::{fs, io, path::Path};

use cookie::SameSite;
use serde_json::{Value, json};

use super::{Browser, BrowserCookie};

impl Browser {
    /// The cookies in the format of Playwright's `storageState`, so that browser tests start with a
    /// signed-in user.
    ///
    /// The names, prefixes, attributes and expiry are those that the app has set. The file is as
    /// secret as the cookies in it.
    pub fn storage_state(&self) -> Value {
        let cookies: Vec<_> = self.cookies().iter().map(to_json).collect();
        json!({ "cookies": cookies, "origins": [] })
    }

    /// Writes [`storage_state`](Self::storage_state) to a file. On Unix only its owner may read it.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn write_storage_state(&self, file: impl AsRef<Path>) -> io::Result<()> {
        let json = format!("{:#}\n", self.storage_state());
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        io::Write::write_all(&mut options.open(file)?, json.as_bytes())
    }
}

fn to_json(cookie: &BrowserCookie) -> Value {
    // Playwright marks a cookie for all hosts of a domain with a leading dot.
    let dot = if cookie.host_only { "" } else { "." };
    let same_site = match cookie.same_site {
        SameSite::Strict => "Strict",
        SameSite::Lax => "Lax",
        SameSite::None => "None",
    };
    json!({
        "name": cookie.name,
        "value": cookie.value,
        "domain": format!("{dot}{}", cookie.domain),
        "path": cookie.path,
        "expires": cookie.expires.map_or(json!(-1), Value::from),
        "httpOnly": cookie.http_only,
        "secure": cookie.secure,
        "sameSite": same_site,
    })
}
