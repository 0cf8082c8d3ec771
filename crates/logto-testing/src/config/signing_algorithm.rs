//! Signature algorithms.

/// A signature algorithm that a Logto tenant can use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// ECDSA with P-384 and SHA-384, the default of a new Logto tenant.
    #[default]
    Es384,
    /// ECDSA with P-521 and SHA-512.
    Es512,
    /// RSA PKCS #1 v1.5 with SHA-256 and a key of 2048 bits.
    Rs256,
}

impl SigningAlgorithm {
    /// Every algorithm.
    pub const ALL: [Self; 4] = [Self::Es256, Self::Es384, Self::Es512, Self::Rs256];

    /// The name in the header parameter `alg`, RFC 7518 §3.1.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Rs256 => "RS256",
        }
    }
}
