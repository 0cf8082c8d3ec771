//! The client, and the requests that all calls share.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::{Method, Request, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    error::{AccountError, AccountErrorKind, AccountRefusal},
    verification_record_id::VerificationRecordId,
};
use crate::{
    api_request::api_request,
    client::LogtoClient,
    error::{RequestError, TokenError},
    scope::UserScope,
    secret::ExposeSecret as _,
    telemetry::Endpoint,
    token::AccessToken,
};

/// The future that [`RenewAccountToken::renew`] returns.
pub type RenewedToken<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

/// Renews the access token of an [`AccountClient`], for sessions that can refresh it.
pub trait RenewAccountToken: Send + Sync + 'static {
    /// Returns a newer token than `rejected`, which Logto has just refused with 401.
    fn renew<'a>(&'a self, rejected: &'a AccessToken) -> RenewedToken<'a>;
}

/// Calls Logto's Account API for one user. See the [module](crate::account).
///
/// Cheap to clone; clones share the token. The token never leaves the client.
#[derive(Clone)]
pub struct AccountClient {
    client: LogtoClient,
    /// Replaced when Logto rejects it.
    token: Arc<Mutex<AccessToken>>,
    renewal: Option<Arc<dyn RenewAccountToken>>,
}

impl LogtoClient {
    /// Creates a client for the account of the user that `access_token` belongs to: the **opaque**
    /// token, without a resource or an organization ([`TokenTarget::USER_INFO`](crate::TokenTarget::USER_INFO)).
    ///
    /// Sends no request.
    #[must_use]
    pub fn account(&self, access_token: AccessToken) -> AccountClient {
        AccountClient {
            client: self.clone(),
            token: Arc::new(Mutex::new(access_token)),
            renewal: None,
        }
    }
}

impl AccountClient {
    /// Sets how to renew a token that Logto rejects: the call is then repeated once.
    #[must_use]
    pub fn with_renewal(mut self, renewal: impl RenewAccountToken) -> Self {
        self.renewal = Some(Arc::new(renewal));
        self
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, call: Call<'_>, what: &'static str) -> Result<T, AccountError> {
        parse(&self.send(&call).await?, what)
    }

    pub(super) async fn act(&self, call: Call<'_>) -> Result<(), AccountError> {
        self.send(&call).await.map(drop)
    }

    async fn send(&self, call: &Call<'_>) -> Result<Response<Vec<u8>>, AccountError> {
        let token = self.token().clone();
        let rejected = match self.attempt(call, &token).await {
            Err(error) if error.kind() == AccountErrorKind::Unauthorized => error,
            outcome => return outcome,
        };
        // Some calls answer 401 for a missing scope: a newer token would not have it either.
        if let Some(scope) = call.scopes.iter().find(|scope| !token.has_scope(scope.as_str())) {
            return Err(rejected.for_missing_scope(*scope));
        }
        let Some(renewal) = &self.renewal else {
            return Err(rejected);
        };
        let renewed = renewal.renew(&token).await?;
        *self.token() = renewed.clone();
        self.attempt(call, &renewed).await
    }

    async fn attempt(&self, call: &Call<'_>, token: &AccessToken) -> Result<Response<Vec<u8>>, AccountError> {
        let request = self.request(call, token)?;
        let response = self.client.send(Endpoint::Account, request).await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        Err(AccountError::of_response(&response, call.scopes))
    }

    fn request(&self, call: &Call<'_>, token: &AccessToken) -> Result<Request<Vec<u8>>, AccountError> {
        let mut url = self.client.config().provider().api();
        url.path_segments_mut()
            .map_err(|()| RequestError::InvalidResponse("the endpoint"))?
            .extend(call.path);
        if let Some((name, value)) = call.query {
            url.query_pairs_mut().append_pair(name, value);
        }
        let body = call.body.as_ref().map(|body| body.to_string().into_bytes());
        let mut request = api_request(&call.method, &url, token, body)?;
        if let Some(record) = call.verification {
            request.headers_mut().insert(VERIFICATION_HEADER, record.header()?);
        }
        Ok(request)
    }

    fn token(&self) -> MutexGuard<'_, AccessToken> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the token has this scope.
    #[must_use]
    pub fn has_scope(&self, scope: UserScope) -> bool {
        self.token().has_scope(scope.as_str())
    }
}

impl fmt::Debug for AccountClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountClient").finish_non_exhaustive()
    }
}

const VERIFICATION_HEADER: &str = "logto-verification-id";

/// One call of the API.
pub(super) struct Call<'a> {
    method: Method,
    /// Below `/api`.
    path: &'a [&'a str],
    query: Option<(&'a str, &'a str)>,
    body: Option<Value>,
    verification: Option<&'a VerificationRecordId>,
    /// The scopes that Logto demands.
    scopes: &'a [UserScope],
}

impl<'a> Call<'a> {
    pub(super) fn new(method: Method, path: &'a [&'a str]) -> Self {
        Self {
            method,
            path,
            query: None,
            body: None,
            verification: None,
            scopes: &[],
        }
    }

    pub(super) fn get(path: &'a [&'a str]) -> Self {
        Self::new(Method::GET, path)
    }

    pub(super) fn post(path: &'a [&'a str], body: Value) -> Self {
        Self::new(Method::POST, path).with_body(body)
    }

    pub(super) fn patch(path: &'a [&'a str], body: Value) -> Self {
        Self::new(Method::PATCH, path).with_body(body)
    }

    pub(super) fn put(path: &'a [&'a str], body: Value) -> Self {
        Self::new(Method::PUT, path).with_body(body)
    }

    pub(super) fn delete(path: &'a [&'a str]) -> Self {
        Self::new(Method::DELETE, path)
    }

    fn with_body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    pub(super) fn with_query(mut self, query: Option<(&'a str, &'a str)>) -> Self {
        self.query = query;
        self
    }

    pub(super) fn verified_by(mut self, record: Option<&'a VerificationRecordId>) -> Self {
        self.verification = record;
        self
    }

    pub(super) fn with_scopes(mut self, scopes: &'a [UserScope]) -> Self {
        self.scopes = scopes;
        self
    }
}

/// Checks an id or a name before it becomes a part of a path. Logto knows none with other
/// characters, and `..` would lead to another call.
pub(super) fn segment(text: &str) -> Result<&str, AccountError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let plain = (1..=256).contains(&text.len()) && text.bytes().all(is_plain) && !matches!(text, "." | "..");
    if plain {
        Ok(text)
    } else {
        Err(AccountRefusal::before_request(AccountErrorKind::NotFound).into())
    }
}

fn parse<T: DeserializeOwned>(response: &Response<Vec<u8>>, what: &'static str) -> Result<T, AccountError> {
    serde_json::from_slice(response.body()).map_err(|_| RequestError::InvalidResponse(what).into())
}

/// The secret, for the body of a request.
pub(super) fn secret(secret: &crate::secret::SecretString) -> &str {
    secret.expose_secret()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_would_change_the_path_is_rejected() {
        for good in ["a", "usr_1-2.3~", &"x".repeat(256)] {
            assert_eq!(segment(good).unwrap(), good);
        }
        for bad in [
            "",
            ".",
            "..",
            "a/b",
            "a?b",
            "a#b",
            "a%2fb",
            "a b",
            "ü",
            "a\n",
            &"x".repeat(257),
        ] {
            assert_eq!(segment(bad).unwrap_err().kind(), AccountErrorKind::NotFound, "{bad}");
        }
    }
}
