//! Wrong discovery documents.

use serde_json::{Map, Value, json};

use super::tweak::Tweak;

/// A wrong discovery document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DiscoveryFault {
    /// `issuer` names another provider (OpenID Connect Discovery 1.0 §4.3).
    IssuerOther,
    /// `issuer` has an additional slash at its end.
    IssuerWithSlash,
    /// This field is missing.
    Without(&'static str),
    /// This endpoint is an `http:` URL on a remote host.
    InsecureEndpoint(&'static str),
    /// This field has another value.
    Set(&'static str, Value),
    /// Any other change; created by [`document`](Self::document).
    Document(Tweak<Map<String, Value>>),
}

impl DiscoveryFault {
    /// Applies any change to the document.
    pub fn document(change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) -> Self {
        Self::Document(Tweak::new(change))
    }

    pub(crate) fn apply(&self, document: &mut Map<String, Value>, issuer: &str) {
        let mut set = |field: &str, value| document.insert(field.to_owned(), value);
        match self {
            Self::IssuerOther => drop(set("issuer", json!("https://evil.example.com/oidc"))),
            Self::IssuerWithSlash => drop(set("issuer", json!(format!("{issuer}/")))),
            Self::Without(field) => drop(document.remove(*field)),
            Self::InsecureEndpoint(field) => drop(set(field, json!("http://insecure.example.com/oidc"))),
            Self::Set(field, value) => drop(set(field, value.clone())),
            Self::Document(tweak) => tweak.apply(document),
        }
    }
}
