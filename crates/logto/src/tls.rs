//! TLS: additional trusted certificate authorities.

use std::fmt;
#[cfg(feature = "redis")]
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, pem::PemObject as _};

/// Certificate authorities to trust in addition to those of the system, such as a private one that
/// signs the certificates of Logto, Redis or PostgreSQL.
///
/// ```no_run
/// let pem = std::fs::read("/etc/ssl/our-ca.pem")?;
/// let certificates = logto::TrustedCertificates::from_pem(pem)?;
/// let config = logto::LogtoConfig::new("https://logto.internal", "app-id", "app-secret")
///     .with_trusted_certificates(certificates.clone());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct TrustedCertificates {
    #[cfg(feature = "postgres")]
    pem: Vec<u8>,
    certificates: Vec<CertificateDer<'static>>,
}

/// The text contains no certificate, or an invalid one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----")]
pub struct InvalidCertificates;

impl TrustedCertificates {
    /// Parses one or more certificates in PEM form (RFC 7468 §5).
    ///
    /// # Errors
    ///
    /// If there is no certificate, or one is invalid.
    pub fn from_pem(pem: impl Into<Vec<u8>>) -> Result<Self, InvalidCertificates> {
        let pem = pem.into();
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        let certificates = certificates.map_err(|_| InvalidCertificates)?;
        let mut roots = rustls::RootCertStore::empty();
        let (_, unreadable) = roots.add_parsable_certificates(certificates.iter().cloned());
        if certificates.is_empty() || unreadable > 0 {
            return Err(InvalidCertificates);
        }
        Ok(Self {
            #[cfg(feature = "postgres")]
            pem,
            certificates,
        })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &CertificateDer<'static>> {
        self.certificates.iter()
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn pem(&self) -> &[u8] {
        &self.pem
    }
}

impl fmt::Debug for TrustedCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrustedCertificates({})", self.certificates.len())
    }
}

/// A TLS client configuration that trusts these authorities and those of the system.
///
/// The crypto provider is explicit: `ClientConfig::builder` uses that of the process, and panics if
/// there is none and several are compiled in.
#[cfg(feature = "redis")]
pub(crate) fn client_config(trusted: &TrustedCertificates) -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let roots = trusted.certificates.clone();
    let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(roots, Arc::clone(&provider))?;
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        // Not dangerous here: this is the verifier of the platform.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_text_without_a_valid_certificate() {
        let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        for text in ["", "nonsense", garbage, key, "-----BEGIN CERTIFICATE-----\nAAAA"] {
            let refused = TrustedCertificates::from_pem(text).map(drop);
            assert_eq!(refused, Err(InvalidCertificates), "{text:?}");
        }
    }
}
