//! Social connectors. They have no sign-in page: a test makes the callback itself.

use serde_json::{Map, Value};

use super::error::ApiError;

/// Seconds after which the token of a linked account expires.
pub(super) const TOKEN_LIFETIME: u64 = 8 * 3600;

pub(super) struct Connector {
    pub(super) target: &'static str,
    pub(super) authorization_endpoint: &'static str,
}

const GITHUB: Connector = Connector {
    target: "github",
    authorization_endpoint: "https://github.example/login/oauth/authorize",
};

pub(super) fn find(id: &str) -> Result<Connector, ApiError> {
    if id == GITHUB.target {
        Ok(GITHUB)
    } else {
        Err(ApiError::NO_SUCH_CONNECTOR)
    }
}

/// The account that a callback stands for. Its `code` is the id of the account.
pub(super) fn account_of(callback: &Map<String, Value>) -> Result<&str, ApiError> {
    let code = callback.get("code").and_then(Value::as_str);
    code.filter(|code| !code.is_empty()).ok_or(ApiError::CONNECTOR_FAILED)
}
