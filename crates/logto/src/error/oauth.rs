//! The error codes of OAuth and OpenID Connect.

use super::{Diagnosis, Fault};

/// An error code of the authorization or token endpoint (RFC 6749 §4.1.2.1 and §5.2, OIDC Core
/// §3.1.2.6, RFC 8707 §2).
///
/// The provider's description is dropped, because it may contain anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the specifications' own codes")]
pub enum OAuthError {
    AccessDenied,
    AccountSelectionRequired,
    ConsentRequired,
    InsufficientScope,
    InteractionRequired,
    InvalidClient,
    InvalidGrant,
    InvalidRequest,
    InvalidScope,
    InvalidTarget,
    LoginRequired,
    ServerError,
    TemporarilyUnavailable,
    UnauthorizedClient,
    UnmetAuthenticationRequirements,
    UnsupportedGrantType,
    UnsupportedResponseType,
    /// An unknown code.
    Other,
}

impl OAuthError {
    /// Parses an error code from the provider.
    pub(crate) fn from_code(code: &str) -> Self {
        match code {
            "access_denied" => Self::AccessDenied,
            "account_selection_required" => Self::AccountSelectionRequired,
            "consent_required" => Self::ConsentRequired,
            "insufficient_scope" => Self::InsufficientScope,
            "interaction_required" => Self::InteractionRequired,
            "invalid_client" => Self::InvalidClient,
            "invalid_grant" => Self::InvalidGrant,
            "invalid_request" => Self::InvalidRequest,
            "invalid_scope" => Self::InvalidScope,
            "invalid_target" => Self::InvalidTarget,
            "login_required" => Self::LoginRequired,
            "server_error" => Self::ServerError,
            "temporarily_unavailable" => Self::TemporarilyUnavailable,
            "unauthorized_client" => Self::UnauthorizedClient,
            "unmet_authentication_requirements" => Self::UnmetAuthenticationRequirements,
            "unsupported_grant_type" => Self::UnsupportedGrantType,
            "unsupported_response_type" => Self::UnsupportedResponseType,
            _ => Self::Other,
        }
    }

    /// The stable code. An unknown code becomes `provider_error`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::ConsentRequired => "consent_required",
            Self::InsufficientScope => "insufficient_scope",
            Self::InteractionRequired => "interaction_required",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::LoginRequired => "login_required",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::Other => "provider_error",
        }
    }

    /// Advice for the developer or the user.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::AccessDenied => {
                "the sign-in was cancelled, or the user lacks access; sign in again or ask for access"
            }
            Self::ConsentRequired
            | Self::InteractionRequired
            | Self::LoginRequired
            | Self::AccountSelectionRequired => "the user has to sign in on the provider's page; leave out prompt=none",
            Self::InsufficientScope => "ask for the missing scope in the configuration and sign in again",
            Self::InvalidClient => "check `app_id` and `app_secret` against the Logto console",
            Self::InvalidGrant => "the grant has ended or was revoked; the user has to sign in again",
            Self::InvalidRequest | Self::UnsupportedGrantType | Self::UnsupportedResponseType => {
                "check the redirect URI and the app's type (Traditional web) in the Logto console"
            }
            Self::InvalidScope => "the scope was not granted at sign-in; add it to the configuration and sign in again",
            Self::InvalidTarget => {
                "register the API resource in the Logto console, and check its spelling in `resources`"
            }
            Self::ServerError | Self::TemporarilyUnavailable => "the provider has a transient error; try again",
            Self::UnauthorizedClient => "allow this grant for the app in the Logto console",
            Self::UnmetAuthenticationRequirements => {
                "the user could not prove what `acr_values` demands; let the user set up a second factor"
            }
            Self::Other => "look at the provider's log for the reason",
        }
    }

    /// Advice for the developer about a refused token. Some codes mean something else at the token
    /// endpoint than at a sign-in.
    pub(super) const fn token_advice(self) -> &'static str {
        match self {
            Self::AccessDenied => {
                "the user is not a member of the organization, has not granted it to the application or lacks the \
                 second factor that it requires, or the tenant's script for custom claims denies the token; a new \
                 sign-in does not help"
            }
            Self::InvalidRequest => {
                "look at the audit log in the Logto console: the tenant's script for custom claims may have failed"
            }
            other => other.advice(),
        }
    }

    pub(super) const fn diagnosis(self) -> Diagnosis {
        let code = self.code();
        match self {
            Self::AccessDenied
            | Self::AccountSelectionRequired
            | Self::ConsentRequired
            | Self::InteractionRequired
            | Self::InvalidGrant
            | Self::LoginRequired
            | Self::UnmetAuthenticationRequirements => Diagnosis::new(code, Fault::User),
            Self::ServerError | Self::TemporarilyUnavailable => Diagnosis::transient(code, Fault::Provider),
            Self::Other => Diagnosis::new(code, Fault::Provider),
            _ => Diagnosis::new(code, Fault::Configuration),
        }
    }
}
