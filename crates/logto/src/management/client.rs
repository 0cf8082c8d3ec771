//! The client, and the requests that all calls share.

use http::{Method, Response, StatusCode, header};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use url::{Host, Url};

use crate::{
    api_request::api_request,
    client::LogtoClient,
    clock::Timestamp,
    error::{ManagementError, ManagementRefusal, RequestError},
    grants::{MachineClient, MachineTokenRequest},
    http::check_status,
    secret::{ExposeSecret as _, same_secret},
    telemetry::Endpoint,
    token::AccessToken,
};

/// The resource of every Logto that is not in the cloud.
const OSS_RESOURCE: &str = "https://default.logto.app/api";
const CLOUD: &str = ".logto.app";
/// The longest text of a refusal that is kept, in bytes.
const MAX_MESSAGE: usize = 1000;

/// Calls Logto's Management API. See the [module](crate::management).
///
/// Cheap to clone; clones share the token.
#[derive(Clone, Debug)]
pub struct ManagementClient {
    machine: MachineClient,
    token: MachineTokenRequest,
}

impl MachineClient {
    /// Creates a client for the Management API of this Logto. Sends no request.
    ///
    /// The API's resource follows from the endpoint: `https://<tenant>.logto.app/api` in the cloud,
    /// `https://default.logto.app/api` otherwise. A tenant in the cloud with a domain of its own needs
    /// [`ManagementClient::with_resource`].
    #[must_use]
    pub fn management(&self) -> ManagementClient {
        ManagementClient {
            token: token_for(&resource_of(self.client().config().issuer())),
            machine: self.clone(),
        }
    }
}

impl LogtoClient {
    /// Creates a client for the Management API, with the app of
    /// [`LogtoConfig::with_management_app`](crate::LogtoConfig::with_management_app). `None` without
    /// one.
    ///
    /// Create it once: each has its own cache of tokens, which its clones share.
    #[must_use]
    pub fn management(&self) -> Option<ManagementClient> {
        let app = self.config().management_app()?;
        let client = self.machine(&app.id, app.secret.clone()).management();
        Some(match self.config().management_resource() {
            Some(resource) => client.with_resource(resource),
            None => client,
        })
    }
}

fn token_for(resource: &str) -> MachineTokenRequest {
    MachineTokenRequest::resource(resource).with_scopes(["all"])
}

fn resource_of(issuer: &str) -> String {
    let url = Url::parse(issuer).ok();
    let tenant = url.as_ref().and_then(Url::host).and_then(|host| match host {
        Host::Domain(name) => name.strip_suffix(CLOUD),
        _ => None,
    });
    match tenant.filter(|tenant| !tenant.is_empty() && !tenant.contains('.')) {
        Some(tenant) => format!("https://{tenant}{CLOUD}/api"),
        None => OSS_RESOURCE.to_owned(),
    }
}

impl ManagementClient {
    /// Sets the API's resource: `https://<tenant-id>.logto.app/api`.
    #[must_use]
    pub fn with_resource(mut self, resource: &str) -> Self {
        self.token = token_for(resource);
        self
    }

    pub(super) fn now(&self) -> Timestamp {
        self.machine.client().now()
    }

    /// Reads an entity. The path is below `/api`, in parts: `&["users", id]`.
    ///
    /// # Errors
    ///
    /// [`ManagementError::Refused`] with Logto's code, and [`ManagementError::InvalidPath`] if a part is
    /// empty or a dot segment.
    pub async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, ManagementError> {
        parse(&self.send(&Call::new(Method::GET, path)).await?)
    }

    /// Sends a POST with a JSON body. Use [`serde::de::IgnoredAny`] for an answer that is not needed.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn post<T: DeserializeOwned>(&self, path: &[&str], body: &impl Serialize) -> Result<T, ManagementError> {
        parse(&self.send(&Call::with_body(Method::POST, path, body)?).await?)
    }

    /// Sends a PUT with a JSON body. Use [`serde::de::IgnoredAny`] for an answer that is not needed.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn put<T: DeserializeOwned>(&self, path: &[&str], body: &impl Serialize) -> Result<T, ManagementError> {
        parse(&self.send(&Call::with_body(Method::PUT, path, body)?).await?)
    }

    /// Sends a PATCH with a JSON body. Use [`serde::de::IgnoredAny`] for an answer that is not needed.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn patch<T: DeserializeOwned>(&self, path: &[&str], body: &impl Serialize) -> Result<T, ManagementError> {
        parse(&self.send(&Call::with_body(Method::PATCH, path, body)?).await?)
    }

    /// Deletes an entity.
    ///
    /// # Errors
    ///
    /// The same as [`ManagementClient::get`].
    pub async fn delete(&self, path: &[&str]) -> Result<(), ManagementError> {
        self.send(&Call::new(Method::DELETE, path)).await.map(drop)
    }

    /// Sends a call. A rejected token is renewed once.
    pub(super) async fn send(&self, call: &Call<'_>) -> Result<Response<Vec<u8>>, ManagementError> {
        let url = self.url(call)?;
        let token = self.machine.token(self.token.clone()).await?;
        let response = self.attempt(call, &url, &token).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return judge(response);
        }
        let renewed = self.machine.renew(self.token.clone(), &token).await?;
        if same_secret(renewed.secret.expose_secret(), token.secret.expose_secret()) {
            return judge(response);
        }
        judge(self.attempt(call, &url, &renewed).await?)
    }

    async fn attempt(
        &self,
        call: &Call<'_>,
        url: &Url,
        token: &AccessToken,
    ) -> Result<Response<Vec<u8>>, RequestError> {
        let request = api_request(&call.method, url, token, call.body.clone())?;
        self.machine.client().send(Endpoint::Management, request).await
    }

    /// The URL is made here, because those in Logto's `Link` header lack `/api`.
    fn url(&self, call: &Call<'_>) -> Result<Url, ManagementError> {
        // The URL parser drops tabs and newlines, so that dots beside them would be a dot segment.
        let is_odd = |part: &str| {
            let dots = part.to_ascii_lowercase().replace("%2e", ".");
            matches!(dots.as_str(), "" | "." | "..") || part.contains(char::is_control)
        };
        if call.path.is_empty() || call.path.iter().any(|part| is_odd(part)) {
            return Err(ManagementError::InvalidPath);
        }
        let mut url = self.machine.client().config().provider().api();
        url.path_segments_mut()
            .map_err(|()| ManagementError::InvalidPath)?
            .extend(call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        Ok(url)
    }
}

/// One call of the API.
pub(super) struct Call<'a> {
    method: Method,
    /// Below `/api`.
    path: &'a [&'a str],
    query: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl<'a> Call<'a> {
    pub(super) fn new(method: Method, path: &'a [&'a str]) -> Self {
        Self {
            method,
            path,
            query: Vec::new(),
            body: None,
        }
    }

    pub(super) fn with_body(
        method: Method,
        path: &'a [&'a str],
        body: &impl Serialize,
    ) -> Result<Self, ManagementError> {
        let body = serde_json::to_vec(body).map_err(|_| ManagementError::InvalidBody)?;
        Ok(Self {
            body: Some(body),
            ..Self::new(method, path)
        })
    }

    pub(super) fn with_query(mut self, query: Vec<(String, String)>) -> Self {
        self.query = query;
        self
    }
}

fn judge(response: Response<Vec<u8>>) -> Result<Response<Vec<u8>>, ManagementError> {
    // 501 says that a connector is missing, which no retry changes.
    let response = match response.status() {
        StatusCode::NOT_IMPLEMENTED => response,
        _ => check_status(response)?,
    };
    if response.status().is_success() {
        Ok(response)
    } else {
        Err(refusal(&response).into())
    }
}

fn refusal(response: &Response<Vec<u8>>) -> ManagementRefusal {
    #[derive(Default, Deserialize)]
    struct Body {
        code: Option<String>,
        message: Option<String>,
        data: Option<Value>,
    }
    let body: Body = serde_json::from_slice(response.body()).unwrap_or_default();
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"._".contains(&byte);
    let is_code = |code: &String| (1..=100).contains(&code.len()) && code.bytes().all(is_part);
    let is_short = |text: &String| text.len() <= MAX_MESSAGE;
    ManagementRefusal::new(
        response.status().as_u16(),
        body.code.filter(is_code),
        body.message.filter(is_short),
        body.data,
    )
}

/// Parses the answer. One without JSON (204, or the text `Created`) counts as `null`.
pub(super) fn parse<T: DeserializeOwned>(response: &Response<Vec<u8>>) -> Result<T, ManagementError> {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let is_json = content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    let body = if is_json { response.body() } else { b"null".as_slice() };
    serde_json::from_slice(body).map_err(|_| RequestError::InvalidResponse("the Management API").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resource_follows_from_the_endpoint() {
        for (issuer, resource) in [
            ("https://tenant.logto.app/oidc", "https://tenant.logto.app/api"),
            ("https://auth.example.com/oidc", OSS_RESOURCE),
            ("http://localhost:3001/oidc", OSS_RESOURCE),
            ("http://127.0.0.1:3001/oidc", OSS_RESOURCE),
            ("https://logto.app/oidc", OSS_RESOURCE),
            ("https://a.b.logto.app/oidc", OSS_RESOURCE),
            ("https://tenant.logto.app.evil.example/oidc", OSS_RESOURCE),
        ] {
            assert_eq!(resource_of(issuer), resource, "{issuer}");
        }
    }

    fn refused(body: &str) -> ManagementRefusal {
        refusal(&Response::builder().status(422).body(body.into()).unwrap())
    }

    #[test]
    fn a_refusal_keeps_its_parts_and_prints_only_the_code() {
        let refusal = refused(r#"{"code":"request.invalid_input","message":"Ada is here","data":{"user":"ada"}}"#);
        assert_eq!(refusal.logto_code(), Some("request.invalid_input"));
        assert_eq!(refusal.message(), Some("Ada is here"));
        assert_eq!(refusal.data().unwrap()["user"], "ada");
        let printed = format!("{refusal} {refusal:?} {:?}", ManagementError::from(refusal.clone()));
        assert!(
            printed.contains("request.invalid_input") && !printed.to_lowercase().contains("ada"),
            "{printed}"
        );
    }

    #[test]
    fn text_that_is_not_a_code_is_dropped() {
        for code in ["", "<script>", "a b", &"x".repeat(101)] {
            let refusal = refused(&serde_json::json!({ "code": code }).to_string());
            assert_eq!(refusal.logto_code(), None, "{code}");
        }
        assert_eq!(refused("<html>").logto_code(), None);
    }

    #[test]
    fn an_answer_without_json_is_null() {
        let created = Response::builder().status(201).header("content-type", "text/plain");
        parse::<()>(&created.body(b"Created".to_vec()).unwrap()).unwrap();
        parse::<()>(&Response::builder().status(204).body(Vec::new()).unwrap()).unwrap();
        let json = Response::builder().header("content-type", "application/json; charset=utf-8");
        let json = json.body(b"{\"id\":1}".to_vec()).unwrap();
        parse::<serde::de::IgnoredAny>(&json).unwrap();
        assert!(parse::<Vec<u8>>(&json).is_err());
    }
}
