//! The files of the development provider, and what survives a restart.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
};

use logto_testing::{DevProvider, DevProviderError};
use reqwest::Client;
use serde_json::{Value, json};
use url::Url;

use crate::contract::browser::Browser;

const CALLBACK: &str = "http://127.0.0.1:3000/callback";

fn authorization(provider: &DevProvider, redirect_uri: &str) -> String {
    let parameters = [
        ("client_id", provider.app_id()),
        ("redirect_uri", redirect_uri),
        ("response_type", "code"),
        ("scope", "openid offline_access"),
        ("prompt", "consent"),
    ];
    let url = format!("{}/oidc/auth", provider.endpoint());
    Url::parse_with_params(&url, parameters).unwrap().into()
}

async fn token(provider: &DevProvider, fields: &[(&str, &str)]) -> Value {
    let request = Client::new()
        .post(format!("{}/oidc/token", provider.endpoint()))
        .form(fields);
    let request = request.basic_auth(provider.app_id(), Some(provider.app_secret()));
    request.send().await.unwrap().json().await.unwrap()
}

async fn keys(provider: &DevProvider) -> String {
    reqwest::get(format!("{}/oidc/jwks", provider.endpoint()))
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
}

/// A file whose port no other test uses.
fn directory_with(text: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = socket.local_addr().unwrap().port();
    let text = format!("[provider]\nport = {port}\n{text}");
    fs::write(directory.path().join("logto-dev.toml"), text).unwrap();
    directory
}

fn start(directory: &Path) -> DevProvider {
    DevProvider::start(directory).unwrap()
}

#[tokio::test]
async fn sessions_refresh_tokens_and_keys_survive_a_restart() {
    let directory = directory_with("[users.eve]\n");
    let provider = start(directory.path());
    let browser = Browser::default();
    let page = browser.open(&authorization(&provider, CALLBACK)).await.page();
    let callback = browser.submit(&page, &[("user", "eve")]).await.app();
    let code = callback
        .query_pairs()
        .find(|(name, _)| name == "code")
        .unwrap()
        .1
        .into_owned();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
    ];
    let tokens = token(&provider, &fields).await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let before = (
        provider.endpoint().to_owned(),
        provider.app_secret().to_owned(),
        keys(&provider).await,
    );
    drop(provider);

    let provider = start(directory.path());
    let after = (
        provider.endpoint().to_owned(),
        provider.app_secret().to_owned(),
        keys(&provider).await,
    );
    assert_eq!(before, after);
    let refreshed = token(
        &provider,
        &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)],
    )
    .await;
    assert!(refreshed["access_token"].is_string(), "{refreshed}");
    browser.open(&authorization(&provider, CALLBACK)).await.app();
    // Deleting the directory signs everyone out.
    drop(provider);
    fs::remove_dir_all(directory.path().join(".logto-dev")).unwrap();
    let provider = start(directory.path());
    assert_ne!(provider.app_secret(), before.1);
    browser.open(&authorization(&provider, CALLBACK)).await.page();
}

#[tokio::test]
async fn the_first_start_writes_the_file_and_a_directory_that_git_ignores() {
    let directory = tempfile::tempdir().unwrap();
    let provider = start(directory.path());
    assert!(provider.created_file());
    let text = fs::read_to_string(directory.path().join("logto-dev.toml")).unwrap();
    let port = provider.endpoint().rsplit(':').next().unwrap();
    assert!(text.contains(&format!("port = {port}\n")) && text.contains("[users.ada]"));
    assert_eq!(provider.usernames(), ["ada", "bob"]);
    let state = directory.path().join(".logto-dev");
    assert_eq!(fs::read_to_string(state.join(".gitignore")).unwrap(), "*\n");
    assert!(!text.contains(provider.app_secret()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(state.join("state.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn every_loopback_redirect_uri_is_registered_and_no_other() {
    let directory = directory_with("[users.eve]\n");
    let provider = start(directory.path());
    for uri in [
        "http://127.0.0.1:4000/app/callback",
        "http://localhost:3000/x",
        "http://[::1]:3000/callback",
    ] {
        let page = Browser::default().open(&authorization(&provider, uri)).await.page();
        assert_eq!(page.status, 200, "{uri}");
    }
    for uri in [
        "http://192.168.1.20:3000/callback",
        "https://localhost.example.com/callback",
        "javascript://localhost/",
    ] {
        let page = Browser::default().open(&authorization(&provider, uri)).await.page();
        assert_eq!(page.status, 400, "{uri}");
    }
}

#[tokio::test]
async fn errors_name_the_file_and_the_line_or_the_port() {
    let directory = directory_with("\n[users.eve]\nroles = [\"admin\"]\n");
    let error = DevProvider::start(directory.path()).unwrap_err().to_string();
    assert!(
        error.contains("logto-dev.toml, line 5: there is no role `admin`"),
        "{error}"
    );

    let directory = directory_with("");
    let _running = start(directory.path());
    let error = DevProvider::start(directory.path()).unwrap_err();
    assert!(matches!(error, DevProviderError::Port { .. }));
    assert!(error.to_string().contains("set another `port` in"), "{error}");

    let directory = directory_with("");
    drop(start(directory.path()));
    fs::write(directory.path().join(".logto-dev/state.json"), "{}").unwrap();
    let error = DevProvider::start(directory.path()).unwrap_err().to_string();
    assert!(error.contains("state.json") && error.contains("delete it"), "{error}");
}

#[tokio::test]
async fn every_page_says_that_the_provider_is_for_development() {
    let directory = directory_with("[users.eve]\n");
    let provider = start(directory.path());
    for url in [authorization(&provider, CALLBACK), provider.endpoint().to_owned()] {
        let page = Browser::default().open(&url).await.page();
        assert!(
            page.html.contains("Development provider, for this machine only"),
            "{}",
            page.html
        );
    }
}

#[tokio::test]
async fn a_machine_app_manages_organizations_with_a_secret_that_survives_a_restart() {
    const FILE: &str = "
[organization_roles.editor]
permissions = [\"edit:pages\"]
[machine_apps.support]
management_api = true
[users.eve]
id = \"u1\"
";
    let directory = directory_with(FILE);
    let first = start(directory.path()).machine_apps()[0].secret.clone();
    let provider = start(directory.path());
    let app = &provider.machine_apps()[0];
    assert_eq!((app.id.as_str(), &app.secret), ("support", &first));

    let fields = [
        ("grant_type", "client_credentials"),
        ("resource", "https://default.logto.app/api"),
        ("scope", "all"),
    ];
    let request = Client::new().post(format!("{}/oidc/token", provider.endpoint()));
    let request = request.form(&fields).basic_auth(&app.id, Some(&app.secret));
    let token: Value = request.send().await.unwrap().json().await.unwrap();
    let token = token["access_token"].as_str().unwrap();
    let post = async |path: &str, body: Value| -> reqwest::Response {
        let request = Client::new().post(format!("{}/api{path}", provider.endpoint()));
        request.bearer_auth(token).json(&body).send().await.unwrap()
    };
    let organization: Value = post("/organizations", json!({ "name": "Pages" }))
        .await
        .json()
        .await
        .unwrap();
    let members = format!("/organizations/{}/users", organization["id"].as_str().unwrap());
    assert_eq!(post(&members, json!({ "userIds": ["u1"] })).await.status(), 201);
    let roles = json!({ "organizationRoleNames": ["editor"] });
    assert_eq!(post(&format!("{members}/u1/roles"), roles).await.status(), 201);
    let request = Client::new().get(format!("{}/api{members}/u1/scopes", provider.endpoint()));
    let scopes: Value = request.bearer_auth(token).send().await.unwrap().json().await.unwrap();
    assert_eq!(scopes[0]["name"], "edit:pages");
}
