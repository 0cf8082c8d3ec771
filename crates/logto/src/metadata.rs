//! Provider metadata: the discovery document (OIDC Discovery §3) and its checks (§4.3).

use serde::Deserialize;
use url::Url;

use crate::{
    config::is_secure,
    error::{DiscoveryError, RequestError},
    provider_address::ProviderAddress,
    signing_algorithm::SigningAlgorithm,
};

/// The checked metadata of the provider.
///
/// With [`LogtoConfig::with_internal_endpoint`](crate::LogtoConfig::with_internal_endpoint), the
/// endpoints that this server calls have the internal address, and those that browsers open have
/// the public one.
#[doc(alias = "OidcConfigResponse")]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ProviderMetadata {
    /// The issuer, which equals [`CheckedConfig::issuer`](crate::CheckedConfig::issuer).
    pub issuer: String,
    /// The URL where users sign in.
    pub authorization_endpoint: Url,
    /// The URL of the token endpoint.
    pub token_endpoint: Url,
    /// The URL of userinfo.
    pub userinfo_endpoint: Url,
    /// The URL of the signing keys.
    pub jwks_uri: Url,
    /// The URL that ends the provider's session (RP-Initiated Logout §2.1).
    pub end_session_endpoint: Option<Url>,
    /// The URL that revokes tokens (RFC 7009).
    pub revocation_endpoint: Option<Url>,
    /// The algorithms that the provider signs ID tokens with.
    #[serde(default)]
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// Whether every callback has `iss` (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl ProviderMetadata {
    /// The provider's algorithms that this crate accepts.
    pub(crate) fn accepted_algorithms(&self) -> impl Iterator<Item = SigningAlgorithm> {
        let offered = &self.id_token_signing_alg_values_supported;
        offered.iter().filter_map(|name| SigningAlgorithm::from_name(name))
    }

    /// Whether the provider signs with `algorithm`.
    pub(crate) fn signs_with(&self, algorithm: SigningAlgorithm) -> bool {
        self.accepted_algorithms().any(|accepted| accepted == algorithm)
    }
}

/// Maximum length of an issuer that an error quotes from a document, in characters.
const MAX_QUOTED_ISSUER: usize = 200;

/// Parses and checks a discovery document (OIDC Discovery §4.3), and rewrites its endpoints to the
/// public or the internal address.
pub(crate) fn parse_metadata(
    body: &[u8],
    issuer: &str,
    provider: &ProviderAddress,
    allow_http: bool,
) -> Result<ProviderMetadata, DiscoveryError> {
    let mut metadata: ProviderMetadata =
        serde_json::from_slice(body).map_err(|_| RequestError::InvalidResponse("the discovery document"))?;
    if metadata.issuer != issuer {
        return Err(DiscoveryError::IssuerMismatch {
            expected: issuer.to_owned(),
            found: metadata.issuer.chars().take(MAX_QUOTED_ISSUER).collect(),
        });
    }
    // A foreign endpoint would send users to another site, and secrets to a host that is not in the
    // configuration. All endpoints of Logto are at the issuer's origin.
    let checked = |name, url: &Url, moved: Option<Url>| {
        if is_secure(url, allow_http) {
            moved.ok_or(DiscoveryError::ForeignEndpoint(name))
        } else {
            Err(DiscoveryError::InsecureEndpoint(name))
        }
    };
    let public = |name, url: &Url| checked(name, url, provider.to_public(url));
    let internal = |name, url: &Url| checked(name, url, provider.to_internal(url));
    metadata.authorization_endpoint = public("authorization_endpoint", &metadata.authorization_endpoint)?;
    metadata.token_endpoint = internal("token_endpoint", &metadata.token_endpoint)?;
    metadata.userinfo_endpoint = internal("userinfo_endpoint", &metadata.userinfo_endpoint)?;
    metadata.jwks_uri = internal("jwks_uri", &metadata.jwks_uri)?;
    if let Some(url) = &mut metadata.end_session_endpoint {
        *url = public("end_session_endpoint", url)?;
    }
    if let Some(url) = &mut metadata.revocation_endpoint {
        *url = internal("revocation_endpoint", url)?;
    }
    if metadata.accepted_algorithms().next().is_none() {
        return Err(DiscoveryError::NoAcceptedAlgorithm);
    }
    Ok(metadata)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::error::Diagnose as _;

    fn document() -> Value {
        let issuer = "https://a.logto.app/oidc";
        json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/auth"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/me"),
            "jwks_uri": format!("{issuer}/jwks"),
            "end_session_endpoint": format!("{issuer}/session/end"),
            "id_token_signing_alg_values_supported": ["HS256", "ES384"],
        })
    }

    fn parse(document: &Value) -> Result<ProviderMetadata, DiscoveryError> {
        let provider = ProviderAddress::new(&Url::parse("https://a.logto.app").unwrap(), None);
        parse_metadata(
            document.to_string().as_bytes(),
            "https://a.logto.app/oidc",
            &provider,
            false,
        )
    }

    #[test]
    fn algorithms_that_are_not_accepted_are_ignored() {
        let metadata = parse(&document()).unwrap();
        assert_eq!(
            metadata.accepted_algorithms().collect::<Vec<_>>(),
            [SigningAlgorithm::Es384]
        );
        assert!(metadata.signs_with(SigningAlgorithm::Es384));
        assert!(!metadata.signs_with(SigningAlgorithm::Es256));
    }

    #[test]
    fn rejects_a_document_with_another_issuer() {
        let mut other = document();
        other["issuer"] = "https://b.logto.app/oidc".into();
        let error = parse(&other).unwrap_err();
        assert_eq!(error.code(), "discovery_issuer_mismatch");
        let text = error.to_string();
        for issuer in ["https://a.logto.app/oidc", "https://b.logto.app/oidc"] {
            assert!(text.contains(issuer), "{text}");
        }
        other["issuer"] = "x\n".repeat(1000).into();
        let text = parse(&other).unwrap_err().to_string();
        assert!(text.len() < 1000 && !text.contains('\n'), "{text}");
    }

    #[test]
    fn rejects_an_endpoint_without_tls() {
        for name in [
            "authorization_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
            "end_session_endpoint",
        ] {
            let mut other = document();
            other[name] = "http://a.logto.app/x".into();
            assert_eq!(parse(&other), Err(DiscoveryError::InsecureEndpoint(name)));
        }
    }

    #[test]
    fn rejects_an_endpoint_at_another_host() {
        for address in [
            "https://evil.example/oidc/auth",
            "https://a.logto.app.evil.example/oidc/auth",
            "https://a.logto.app:8443/oidc/auth",
            "https://a.logto.app@evil.example/oidc/auth",
            "https://user:password@a.logto.app/oidc/auth",
            "https://user@a.logto.app/oidc/auth",
            "https://:password@a.logto.app/oidc/auth",
            "https://127.0.0.1/oidc/auth",
            "https://[::1]/oidc/auth",
            "https://169.254.169.254/latest/meta-data",
        ] {
            let mut other = document();
            other["authorization_endpoint"] = address.into();
            let expected = DiscoveryError::ForeignEndpoint("authorization_endpoint");
            assert_eq!(parse(&other), Err(expected), "{address}");
        }
    }

    #[test]
    fn an_endpoint_may_have_any_path_and_an_explicit_port() {
        let mut other = document();
        other["authorization_endpoint"] = "https://A.logto.app:443/elsewhere".into();
        assert!(parse(&other).is_ok());
    }

    #[test]
    fn rejects_a_provider_that_signs_with_shared_secrets_or_nothing() {
        let mut other = document();
        other["id_token_signing_alg_values_supported"] = json!(["HS256", "none"]);
        assert_eq!(parse(&other), Err(DiscoveryError::NoAcceptedAlgorithm));
    }

    #[test]
    fn rejects_a_document_without_a_needed_endpoint() {
        let mut other = document();
        other.as_object_mut().unwrap().remove("token_endpoint");
        assert!(matches!(
            parse(&other),
            Err(DiscoveryError::Request(RequestError::InvalidResponse(_)))
        ));
    }
}
