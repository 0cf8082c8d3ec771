//! The accepted signing algorithms (RFC 7518 §3.1).

use openidconnect::core::CoreJwsSigningAlgorithm;

/// An algorithm that Logto signs with. The provider's metadata can only narrow this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SigningAlgorithm {
    Es256,
    Es384,
    Es512,
    Rs256,
}

impl SigningAlgorithm {
    pub(crate) const ALL: [Self; 4] = [Self::Es256, Self::Es384, Self::Es512, Self::Rs256];

    /// Parses `alg` of a header, a key or the provider's metadata.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Rs256 => "RS256",
        }
    }

    pub(crate) const fn for_id_tokens(self) -> CoreJwsSigningAlgorithm {
        match self {
            Self::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            Self::Es384 => CoreJwsSigningAlgorithm::EcdsaP384Sha384,
            Self::Es512 => CoreJwsSigningAlgorithm::EcdsaP521Sha512,
            Self::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parsed_back_and_match_those_of_openidconnect() {
        for algorithm in SigningAlgorithm::ALL {
            assert_eq!(SigningAlgorithm::from_name(algorithm.name()), Some(algorithm));
            let library = serde_json::to_value(algorithm.for_id_tokens()).unwrap();
            assert_eq!(library, algorithm.name());
        }
    }

    #[test]
    fn no_other_algorithm_is_accepted() {
        for name in [
            "none", "HS256", "PS256", "RS384", "RS512", "EdDSA", "ES256K", "es256", "",
        ] {
            assert_eq!(SigningAlgorithm::from_name(name), None, "{name}");
        }
    }
}
