//! A provider under test, and the app as its client.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use logto_testing::DevProvider;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use super::browser::{Arrival, Browser};

pub(super) const REDIRECT_URI: &str = "http://127.0.0.1:3000/callback";
pub(super) const PRODUCTS: &str = "https://products.example.com/api";
pub(super) const ORDERS: &str = "https://orders.example.com/api";
const ORGANIZATIONS: &str = "urn:logto:resource:organizations";
/// RFC 7636, appendix B.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(super) struct Subject {
    pub(super) endpoint: String,
    pub(super) app_id: String,
    pub(super) app_secret: String,
    /// The secret of the app `management`.
    machine_secret: String,
    provider: Provider,
    pub(super) http: Client,
}

enum Provider {
    Development(
        DevProvider,
        #[expect(dead_code, reason = "dropping it removes the files")] TempDir,
    ),
    Process(#[expect(dead_code, reason = "dropping it ends the process")] Process),
}

/// Ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

impl Subject {
    /// The development provider with the users of the repository, on a port of its own.
    pub(super) fn development_provider() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let text = fs::read_to_string(repository().join("logto-dev.toml")).unwrap();
        let text = text.replace("port = 3302", &format!("port = {port}"));
        fs::write(directory.path().join("logto-dev.toml"), text).unwrap();
        let provider = DevProvider::start(directory.path()).unwrap();
        Self {
            endpoint: provider.endpoint().to_owned(),
            app_id: provider.app_id().to_owned(),
            app_secret: provider.app_secret().to_owned(),
            machine_secret: provider.machine_apps()[0].secret.clone(),
            provider: Provider::Development(provider, directory),
            http: Client::new(),
        }
    }

    pub(super) async fn oidc_provider() -> Self {
        let child = Command::new("node")
            .arg("provider/server.mjs")
            .current_dir(repository().join("end2end"))
            .env("PROVIDER_PORT", "0")
            .env("PROVIDER_APP_URL", "http://127.0.0.1:3000")
            .env("PROVIDER_STEP_UP", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node is installed; script/setup installs it");
        let mut process = Process(child);
        let mut output = BufReader::new(process.0.stdout.take().unwrap());
        let started = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            output.read_line(&mut line).map(|_| line)
        });
        let line = started.await.unwrap().unwrap();
        let endpoint = line
            .split_whitespace()
            .nth(3)
            .expect("the provider prints its address")
            .to_owned();
        Self {
            endpoint,
            app_id: "quick-start".to_owned(),
            app_secret: "quick-start-secret".to_owned(),
            machine_secret: "management-secret".to_owned(),
            provider: Provider::Process(process),
            http: Client::new(),
        }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/oidc{path}", self.endpoint)
    }

    pub(super) fn issuer(&self) -> String {
        self.url("")
    }

    /// Moves the provider's clock.
    pub(super) async fn advance(&self, seconds: u64) {
        match &self.provider {
            Provider::Development(provider, _) => provider.clock().advance(seconds),
            Provider::Process(_) => {
                let url = format!("{}/test/clock", self.endpoint);
                let response = self.http.post(url).json(&json!({ "advance": seconds })).send().await;
                assert_eq!(response.unwrap().status(), 200);
            }
        }
    }

    /// The latest unused code that the Account API has sent to an email address or phone number.
    pub(super) async fn verification_code(&self, identifier: &str) -> String {
        match &self.provider {
            Provider::Development(provider, _) => provider.verification_code(identifier).unwrap(),
            Provider::Process(_) => {
                let (_, codes) = answer(self.http.get(format!("{}/test/codes", self.endpoint))).await;
                let mut sent = codes.as_array().unwrap().iter().rev();
                let latest = sent.find(|sent| sent["value"] == identifier).unwrap();
                latest["code"].as_str().unwrap().to_owned()
            }
        }
    }

    /// An authorization request for everything. `changes` replace its parameters; an empty value
    /// removes one.
    pub(super) fn authorization(&self, changes: &[(&str, &str)]) -> String {
        let scope = "openid offline_access profile email phone address roles custom_data identities \
            urn:logto:scope:organizations urn:logto:scope:organization_roles \
            read:products write:products read:orders read:members write:members";
        let all = [
            ("client_id", self.app_id.as_str()),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", scope),
            ("resource", PRODUCTS),
            ("resource", ORDERS),
            ("resource", ORGANIZATIONS),
            ("prompt", "consent"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let kept = all
            .iter()
            .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let replaced = changes.iter().filter(|(_, value)| !value.is_empty());
        Url::parse_with_params(&self.url("/auth"), kept.chain(replaced))
            .unwrap()
            .into()
    }

    /// Opens an authorization request, signs the user in if the provider asks, and returns the
    /// parameters of the callback.
    pub(super) async fn callback(&self, browser: &Browser, user: &str, changes: &[(&str, &str)]) -> Callback {
        let arrival = browser.open(&self.authorization(changes)).await;
        let url = match arrival {
            Arrival::App(url) => url,
            Arrival::Page(page) => browser.submit(&page, &credentials(user)).await.app(),
        };
        Callback::from(&url)
    }

    /// Signs a user in with a new browser, and returns the token response.
    pub(super) async fn sign_in(&self, user: &str, changes: &[(&str, &str)]) -> Value {
        self.sign_in_with(&Browser::default(), user, changes).await
    }

    pub(super) async fn sign_in_with(&self, browser: &Browser, user: &str, changes: &[(&str, &str)]) -> Value {
        let callback = self.callback(browser, user, changes).await;
        let (status, tokens) = self.exchange(&callback.code(), &[]).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }

    /// Exchanges a code. `changes` replace parameters, as in [`Self::authorization`].
    pub(super) async fn exchange(&self, code: &str, changes: &[(&str, &str)]) -> (StatusCode, Value) {
        let all = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", REDIRECT_URI),
        ];
        let kept = all
            .iter()
            .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let replaced = changes.iter().filter(|(_, value)| !value.is_empty());
        let fields: Vec<_> = kept.chain(replaced).copied().collect();
        self.token(&fields).await
    }

    pub(super) async fn refresh(&self, tokens: &Value, more: &[(&str, &str)]) -> (StatusCode, Value) {
        let token = tokens["refresh_token"].as_str().expect("there is a refresh token");
        let fields = [&[("grant_type", "refresh_token"), ("refresh_token", token)], more].concat();
        self.token(&fields).await
    }

    /// Refreshes, and returns the response with the claims of its access token.
    pub(super) async fn target(&self, tokens: &Value, more: &[(&str, &str)]) -> (Value, Value) {
        let (status, body) = self.refresh(tokens, more).await;
        assert_eq!(status, 200, "{body}");
        let claims = claims(body["access_token"].as_str().unwrap());
        (body, claims)
    }

    pub(super) async fn token(&self, fields: &[(&str, &str)]) -> (StatusCode, Value) {
        self.post("/token", fields).await
    }

    pub(super) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, Value) {
        let request = self.http.post(self.url(path)).form(fields);
        answer(request.basic_auth(&self.app_id, Some(&self.app_secret))).await
    }

    /// A token request of the machine-to-machine app with its own grant.
    pub(super) async fn machine_token(&self, fields: &[(&str, &str)]) -> (StatusCode, Value) {
        let fields = [&[("grant_type", "client_credentials")], fields].concat();
        let request = self.http.post(self.url("/token")).form(&fields);
        answer(request.basic_auth("management", Some(&self.machine_secret))).await
    }

    /// A request to the Management API. Without a body if it is `null`.
    pub(super) async fn management(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        let target = [("resource", "https://default.logto.app/api"), ("scope", "all")];
        let (_, token) = self.machine_token(&target).await;
        let token = token["access_token"].as_str().unwrap();
        let request = self
            .http
            .request(method.parse().unwrap(), format!("{}/api{path}", self.endpoint))
            .bearer_auth(token);
        answer(if body.is_null() { request } else { request.json(body) }).await
    }

    pub(super) async fn user_info(&self, access_token: &str) -> (StatusCode, Value) {
        let response = self
            .http
            .get(self.url("/me"))
            .bearer_auth(access_token)
            .send()
            .await
            .unwrap();
        (response.status(), response.json().await.unwrap())
    }
}

/// The status of a response, and its body: JSON, or a text.
pub(super) async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let (status, text) = (response.status(), response.text().await.unwrap());
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// The parameters of a callback.
#[derive(Debug)]
pub(super) struct Callback(Vec<(String, String)>);

impl Callback {
    pub(super) fn from(url: &Url) -> Self {
        assert!(url.as_str().starts_with(REDIRECT_URI), "{url}");
        Self(url.query_pairs().into_owned().collect())
    }

    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names
    }

    #[track_caller]
    pub(super) fn code(&self) -> String {
        assert!(!self.get("code").is_empty(), "{self:?}");
        self.get("code").to_owned()
    }
}

/// The fields of the sign-in form. The passwords of the demo users follow from their names.
pub(super) fn credentials(user: &str) -> Vec<(&'static str, &'static str)> {
    let (username, password) = match user {
        "ada" => ("ada", "ada-demo"),
        "bob" => ("bob", "bob-demo"),
        "cleo" => ("cleo", "cleo-demo"),
        other => panic!("there is no user {other}"),
    };
    vec![("username", username), ("password", password), ("action", "sign-in")]
}

/// The claims of a JWT, without verification; `null` for an opaque token.
pub(super) fn claims(token: &str) -> Value {
    part(token, 1)
}

pub(super) fn header(token: &str) -> Value {
    part(token, 0)
}

fn part(token: &str, index: usize) -> Value {
    let parts: Vec<_> = token.split('.').collect();
    if parts.len() != 3 {
        return Value::Null;
    }
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(parts[index]).unwrap()).unwrap()
}

/// Status and `error` of a response.
pub(super) fn refusal((status, body): (StatusCode, Value)) -> (u16, String) {
    (status.as_u16(), body["error"].as_str().unwrap_or_default().to_owned())
}

pub(super) fn refused(status: u16, error: &str) -> (u16, String) {
    (status, error.to_owned())
}

/// The words of a scope, sorted.
pub(super) fn scope(value: &Value) -> Vec<&str> {
    let mut scopes: Vec<_> = value.as_str().expect("there is a scope").split_whitespace().collect();
    scopes.sort_unstable();
    scopes
}
