//! The certificate of a store server.

use std::{fmt, fs, path::Path};

use super::error::{StoreServerError, io};

/// The certificate of a store server, its key, and the authority that signed it, all in PEM form.
///
/// The certificate has to be valid for `localhost` and, for a cluster or sentinels, 127.0.0.1.
#[derive(Clone)]
pub struct StoreTls {
    /// The certificate.
    pub certificate: String,
    /// The private key of the certificate.
    pub key: String,
    /// The certificate authority. Nodes of a cluster verify each other with it.
    pub authority: String,
}

impl fmt::Debug for StoreTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreTls").finish_non_exhaustive()
    }
}

impl StoreTls {
    /// Writes the files into the server's directory, and returns the settings of Redis that name
    /// them.
    pub(super) fn write(&self, directory: &Path) -> Result<Vec<[String; 2]>, StoreServerError> {
        let files = [
            ("tls-cert-file", "certificate.pem", &self.certificate),
            ("tls-key-file", "key.pem", &self.key),
            ("tls-ca-cert-file", "authority.pem", &self.authority),
        ];
        let mut settings = vec![["tls-auth-clients".to_owned(), "no".to_owned()]];
        for (setting, name, pem) in files {
            let path = directory.join(name);
            fs::write(&path, pem).map_err(io("writing the server's certificate"))?;
            settings.push([setting.to_owned(), path.display().to_string()]);
        }
        Ok(settings)
    }
}
