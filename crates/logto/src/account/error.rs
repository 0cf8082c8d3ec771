//! Errors of the Account API, told apart by Logto's `code` and the status.
//!
//! Its `message` is in the language of the request, and nothing depends on it.

use std::time::Duration;

use http::{Response, StatusCode};
use serde::Deserialize;

use crate::{
    error::{Diagnose, Diagnosis, Fault, RequestError, TokenError},
    http::{check_status, retry_after},
    scope::UserScope,
};

/// A call of the Account API failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// Logto rejected the access token, and no newer one could be obtained.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The request failed.
    #[error("account: {0}")]
    Request(#[from] RequestError),
    /// Logto refused the call.
    #[error(transparent)]
    Refused(#[from] AccountRefusal),
}

/// Logto refused a call of the Account API.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}", .kind.text(), self.details())]
pub struct AccountRefusal {
    kind: AccountErrorKind,
    /// Logto's code, such as `account_center.not_enabled`.
    code: Option<Box<str>>,
    status: Option<u16>,
    scope: Option<UserScope>,
    retry_after: Option<Duration>,
}

/// The kinds of [`AccountError`], by what can be done about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountErrorKind {
    /// The tenant has not switched the Account API on (`account_center.not_enabled`).
    NotEnabled,
    /// The tenant does not let users change this field (`account_center.field_not_editable`).
    FieldNotEditable,
    /// The tenant does not let users read this field (`account_center.field_not_enabled`).
    FieldNotEnabled,
    /// The verification record is missing, unknown, expired or another user's
    /// (`verification_record.permission_denied`).
    VerificationRequired,
    /// Logto rejects the access token, and a renewed one too. The user has to sign in again.
    Unauthorized,
    /// The access token lacks a scope, see [`AccountRefusal::missing_scope`].
    MissingScope,
    /// The app is a third-party app, which may not change accounts (since 1.43).
    ThirdPartyApp,
    /// The password is wrong (`session.invalid_credentials`).
    InvalidCredentials,
    /// A code is wrong or expired: of an email, a text message or an authenticator app.
    InvalidCode,
    /// The new password breaks the tenant's policy.
    PasswordPolicy,
    /// The identifier, identity or factor is in use.
    AlreadyInUse,
    /// Too many attempts (429).
    RateLimited,
    /// The tenant has no connector for emails or text messages (`connector.not_found`).
    ConnectorMissing,
    /// The session, grant, identity or factor does not exist, or is another user's.
    NotFound,
    /// The connector's token in the secret vault has expired.
    ConnectorTokenExpired,
    /// The server does not know the call: it is older than the version that added it.
    NotSupported,
    /// Logto rejects the values, or their combination with the account.
    Invalid,
    /// Logto is unavailable. Try again later.
    Unavailable,
    /// Another failure. A retry does not help.
    Failed,
}

impl AccountErrorKind {
    /// Describes the kind of the error, and the way to fix it.
    const fn text(self) -> &'static str {
        match self {
            Self::NotEnabled => {
                "the Account API is switched off; switch it on in the Logto console under Account center, or with \
                 PATCH /api/account-center"
            }
            Self::FieldNotEditable => {
                "users may not change this field of their account; set it to `Edit` in the Logto console under \
                 Account center"
            }
            Self::FieldNotEnabled => {
                "users may not read this field of their account; set it to `ReadOnly` or `Edit` in the Logto console \
                 under Account center"
            }
            Self::VerificationRequired => {
                "the call needs a verification record that is at most 10 minutes old; let the user enter the password \
                 or a code again"
            }
            Self::Unauthorized => "Logto rejects the access token; the user has to sign in again",
            Self::MissingScope => "the access token lacks a scope; add it to `scopes`, and sign in again",
            Self::ThirdPartyApp => "third-party apps may not change accounts; use a first-party app",
            Self::InvalidCredentials => "the password is wrong; let the user try again",
            Self::InvalidCode => "the code is wrong or has expired; let the user ask for another one",
            Self::PasswordPolicy => "the new password breaks the tenant's password policy; ask for a stronger one",
            Self::AlreadyInUse => "the value is in use already; ask for another one",
            Self::RateLimited => "there were too many attempts; wait before the next one",
            Self::ConnectorMissing => {
                "the tenant has no connector that sends the code; add one in the Logto console under Connectors"
            }
            Self::NotFound => "the user's account has no such entry; read the list again",
            Self::ConnectorTokenExpired => "the connector's token has expired; let the user link the account again",
            Self::NotSupported => "this Logto server does not know the call; update Logto to a version that has it",
            Self::Invalid => "Logto rejects the values; check them, and the sign-in experience of the tenant",
            Self::Unavailable => "Logto is unavailable; try again later",
            Self::Failed => "the request failed; check `endpoint`",
        }
    }

    const fn diagnosis(self) -> Diagnosis {
        match self {
            Self::NotEnabled => Diagnosis::new("account_not_enabled", Fault::Configuration),
            Self::FieldNotEditable => Diagnosis::new("account_field_not_editable", Fault::Configuration),
            Self::FieldNotEnabled => Diagnosis::new("account_field_not_enabled", Fault::Configuration),
            Self::VerificationRequired => Diagnosis::new("account_verification_required", Fault::User),
            Self::Unauthorized => Diagnosis::new("account_token_rejected", Fault::User),
            Self::MissingScope => Diagnosis::new("account_scope_missing", Fault::Configuration),
            Self::ThirdPartyApp => Diagnosis::new("account_third_party_app", Fault::Configuration),
            Self::InvalidCredentials => Diagnosis::new("account_password_wrong", Fault::User),
            Self::InvalidCode => Diagnosis::new("account_code_wrong", Fault::User),
            Self::PasswordPolicy => Diagnosis::new("account_password_rejected", Fault::User),
            Self::AlreadyInUse => Diagnosis::new("account_value_in_use", Fault::User),
            Self::RateLimited => Diagnosis::transient("account_rate_limited", Fault::User),
            Self::ConnectorMissing => Diagnosis::new("account_connector_missing", Fault::Configuration),
            Self::NotFound => Diagnosis::new("account_entry_not_found", Fault::User),
            Self::ConnectorTokenExpired => Diagnosis::new("account_connector_token_expired", Fault::User),
            Self::NotSupported => Diagnosis::new("account_call_not_supported", Fault::Configuration),
            Self::Invalid => Diagnosis::new("account_values_rejected", Fault::User),
            // Refusals have neither kind.
            Self::Unavailable => Diagnosis::transient("provider_unavailable", Fault::Provider),
            Self::Failed => Diagnosis::new("provider_unexpected_status", Fault::Provider),
        }
    }

    /// The kind of a refusal, by Logto's code and the status.
    fn of(code: &str, status: StatusCode) -> Option<Self> {
        Some(match code {
            "account_center.not_enabled" => Self::NotEnabled,
            "account_center.field_not_editable" => Self::FieldNotEditable,
            "account_center.field_not_enabled" => Self::FieldNotEnabled,
            "verification_record.permission_denied" => Self::VerificationRequired,
            "auth.third_party_application_forbidden" => Self::ThirdPartyApp,
            // `PATCH /my-account` answers 400 for a missing scope.
            "auth.unauthorized" if status == StatusCode::BAD_REQUEST => Self::MissingScope,
            "auth.forbidden" => Self::MissingScope,
            "session.invalid_credentials" => Self::InvalidCredentials,
            "session.mfa.invalid_totp_code" => Self::InvalidCode,
            "connector.not_found" => Self::ConnectorMissing,
            "secrets.third_party_token_set.access_token_expired" => Self::ConnectorTokenExpired,
            "oidc.session_not_found" | "oidc.invalid_session_account_id" | "verification_record.not_found" => {
                Self::NotFound
            }
            code if code.starts_with("verification_code.") => Self::InvalidCode,
            code if code.starts_with("password.") => Self::PasswordPolicy,
            code if code.ends_with("_already_in_use") => Self::AlreadyInUse,
            _ => return None,
        })
    }
}

impl AccountRefusal {
    /// A refusal by this library, before a request.
    pub(super) const fn before_request(kind: AccountErrorKind) -> Self {
        Self {
            kind,
            code: None,
            status: None,
            scope: None,
            retry_after: None,
        }
    }

    /// The kind of the error.
    #[must_use]
    pub const fn kind(&self) -> AccountErrorKind {
        self.kind
    }

    /// Logto's code, such as `account_center.not_enabled`. `None` if the response has none.
    #[must_use]
    pub fn logto_code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The HTTP status. `None` if no request was sent, because no entry can have this id.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// The scope that the access token lacks, for [`AccountErrorKind::MissingScope`].
    #[must_use]
    pub const fn missing_scope(&self) -> Option<UserScope> {
        self.scope
    }

    fn details(&self) -> String {
        let scope = self.scope.map(|scope| format!("scope `{scope}`"));
        let code = self.code.as_deref().map(str::to_owned);
        let status = self.status.map(|status| format!("HTTP {status}"));
        let details: Vec<_> = [scope, code, status].into_iter().flatten().collect();
        if details.is_empty() {
            String::new()
        } else {
            format!(" ({})", details.join(", "))
        }
    }
}

impl AccountError {
    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> AccountErrorKind {
        match self {
            Self::Refused(refusal) => refusal.kind,
            error if error.is_transient() => AccountErrorKind::Unavailable,
            Self::Token(error) if error.ends_grant() => AccountErrorKind::Unauthorized,
            _ => AccountErrorKind::Failed,
        }
    }

    /// The error for an unsuccessful response to a call that demands `scopes`.
    pub(super) fn of_response(response: &Response<Vec<u8>>, scopes: &[UserScope]) -> Self {
        let status = response.status();
        let code = logto_code(response.body());
        let known = code.as_deref().and_then(|code| AccountErrorKind::of(code, status));
        let kind = match (known, status) {
            (_, StatusCode::TOO_MANY_REQUESTS) => AccountErrorKind::RateLimited,
            (Some(kind), _) => kind,
            (None, StatusCode::UNAUTHORIZED) => AccountErrorKind::Unauthorized,
            (None, StatusCode::FORBIDDEN) => AccountErrorKind::MissingScope,
            (None, StatusCode::NOT_FOUND) if code.is_some() => AccountErrorKind::NotFound,
            (None, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) => AccountErrorKind::NotSupported,
            (
                None,
                StatusCode::BAD_REQUEST
                | StatusCode::CONFLICT
                | StatusCode::PAYLOAD_TOO_LARGE
                | StatusCode::UNPROCESSABLE_ENTITY,
            ) => AccountErrorKind::Invalid,
            (None, status) => {
                let unexpected = RequestError::UnexpectedStatus(status.as_u16());
                return check_status(with_status_of(response))
                    .err()
                    .unwrap_or(unexpected)
                    .into();
            }
        };
        let only_scope = scopes
            .first()
            .copied()
            .filter(|_| kind == AccountErrorKind::MissingScope);
        AccountRefusal {
            kind,
            code,
            status: Some(status.as_u16()),
            scope: only_scope.filter(|_| scopes.len() == 1),
            retry_after: retry_after(response),
        }
        .into()
    }

    /// The error if the token that Logto has rejected lacks this scope.
    pub(super) fn for_missing_scope(self, scope: UserScope) -> Self {
        match self {
            Self::Refused(refusal) => AccountRefusal {
                kind: AccountErrorKind::MissingScope,
                scope: Some(scope),
                ..refusal
            }
            .into(),
            other => other,
        }
    }
}

/// A response without the body, for the shared check of the status.
fn with_status_of(response: &Response<Vec<u8>>) -> Response<Vec<u8>> {
    let mut copy = Response::new(Vec::new());
    *copy.status_mut() = response.status();
    *copy.headers_mut() = response.headers().clone();
    copy
}

/// Logto's code. Other text of the response is dropped: errors are printed.
fn logto_code(body: &[u8]) -> Option<Box<str>> {
    #[derive(Deserialize)]
    struct Body {
        code: Box<str>,
    }
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"._".contains(&byte);
    let code = serde_json::from_slice::<Body>(body).ok()?.code;
    ((1..=100).contains(&code.len()) && code.bytes().all(is_part)).then_some(code)
}

impl Diagnose for AccountRefusal {
    fn diagnosis(&self) -> Diagnosis {
        self.kind.diagnosis().with_retry_after(self.retry_after)
    }
}

impl Diagnose for AccountError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Token(error) => error.diagnosis(),
            Self::Request(error) => error.diagnosis(),
            Self::Refused(refusal) => refusal.diagnosis(),
        }
    }
}

#[cfg(test)]
mod tests;
