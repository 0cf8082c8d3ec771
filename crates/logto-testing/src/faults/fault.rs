//! Every kind of fault in one type.

use super::{
    callback::CallbackFault, discovery::DiscoveryFault, http::HttpFault, id_token::IdTokenFault, jwks::JwksFault,
    token::TokenFault, user_info::UserInfoFault,
};
use crate::requests::Endpoint;

/// Any fault. Each kind converts into it, so that
/// [`TestProvider::fault`](crate::TestProvider::fault) takes them all.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fault {
    /// The HTTP response of one endpoint; created by [`HttpFault::at`].
    Http(Endpoint, HttpFault),
    /// The discovery document.
    Discovery(DiscoveryFault),
    /// The key set.
    Jwks(JwksFault),
    /// The redirect to the callback.
    Callback(CallbackFault),
    /// The token response.
    Token(TokenFault),
    /// The ID token.
    IdToken(IdTokenFault),
    /// The userinfo response.
    UserInfo(UserInfoFault),
}

impl HttpFault {
    /// Applies this fault to responses of `endpoint`.
    pub fn at(self, endpoint: Endpoint) -> Fault {
        Fault::Http(endpoint, self)
    }
}

/// A kind of fault that one endpoint or token evaluates.
pub(crate) trait FaultKind: Clone {
    fn from_fault(fault: &Fault) -> Option<&Self>;
}

macro_rules! kinds {
    ($($variant:ident($kind:ty)),*) => {
        $(impl From<$kind> for Fault {
            fn from(fault: $kind) -> Self {
                Self::$variant(fault)
            }
        }

        impl FaultKind for $kind {
            fn from_fault(fault: &Fault) -> Option<&Self> {
                match fault {
                    Fault::$variant(fault) => Some(fault),
                    _ => None,
                }
            }
        })*
    };
}

kinds!(
    Discovery(DiscoveryFault),
    Jwks(JwksFault),
    Callback(CallbackFault),
    Token(TokenFault),
    IdToken(IdTokenFault),
    UserInfo(UserInfoFault)
);
