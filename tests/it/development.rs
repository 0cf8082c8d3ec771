//! The app without settings: it starts the development provider, and both survive a kill.

use std::{fs, sync::Mutex};

use reqwest::{Client, Response, StatusCode, header, redirect::Policy};

use crate::process::AppProcess;

/// A browser with one set of cookies for the app and the provider: cookies ignore ports.
struct Visitor {
    client: Client,
    cookies: Mutex<Vec<(String, String)>>,
}

impl Visitor {
    fn new() -> Self {
        let client = Client::builder().redirect(Policy::none()).pool_max_idle_per_host(0);
        Self {
            client: client.build().unwrap(),
            cookies: Mutex::default(),
        }
    }

    /// Sends a request, and follows redirects unless they lead to an address with `stop`.
    async fn go(&self, url: &str, form: Option<&str>, stop: &str) -> (String, Response) {
        let mut url = reqwest::Url::parse(url).unwrap();
        let mut response = self.send(&url, form).await;
        while response.status() == StatusCode::SEE_OTHER {
            url = url
                .join(response.headers()[header::LOCATION].to_str().unwrap())
                .unwrap();
            if !stop.is_empty() && url.as_str().contains(stop) {
                break;
            }
            response = self.send(&url, None).await;
        }
        (url.into(), response)
    }

    async fn send(&self, url: &reqwest::Url, form: Option<&str>) -> Response {
        let request = match form {
            Some(body) => self
                .client
                .post(url.clone())
                .header(header::ORIGIN, url.origin().ascii_serialization())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body.to_owned()),
            None => self.client.get(url.clone()).header("sec-fetch-dest", "document"),
        };
        let cookies: Vec<_> = {
            let cookies = self.cookies.lock().unwrap();
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect()
        };
        let request = request.header(header::COOKIE, cookies.join("; "));
        let response = request.header(header::ACCEPT, "text/html").send().await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap().to_owned();
            let mut cookies = self.cookies.lock().unwrap();
            cookies.retain(|(other, _)| other != name);
            if !value.is_empty() {
                cookies.push((name.to_owned(), value));
            }
        }
        response
    }
}

#[tokio::test]
async fn without_settings_users_sign_in_at_the_development_provider_and_stay_so_after_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let (address, provider) = (AppProcess::free_address(), AppProcess::free_address());
    let port = provider.rsplit(':').next().unwrap();
    let file = format!("[provider]\nport = {port}\n[users.eve]\nname = \"Eve Example\"\n");
    fs::write(directory.path().join("logto-dev.toml"), file).unwrap();
    let settings = vec![
        ("LEPTOS_OUTPUT_NAME", "quick-start".to_owned()),
        ("LEPTOS_SITE_ADDR", address.clone()),
        ("RUST_LOG", "warn,quick_start=info".to_owned()),
    ];
    let mut app = AppProcess::start_in(directory.path().to_owned(), settings).await;
    let visitor = Visitor::new();
    let sign_in = format!("http://{address}/sign-in");

    let (page, _) = visitor.go(&sign_in, Some("return_to=/"), "").await;
    assert!(page.starts_with(&format!("http://{provider}/sign-in/")), "{page}");
    let (end, home) = visitor.go(&page, Some("user=eve"), "").await;
    assert_eq!(end, format!("http://{address}/"));
    assert!(home.text().await.unwrap().contains("Eve Example"));

    app.kill();
    app.restart().await;
    let (_, home) = visitor.go(&end, None, "").await;
    assert!(
        home.text().await.unwrap().contains("Eve Example"),
        "the session of the app"
    );
    let (callback, _) = visitor.go(&sign_in, Some("return_to=/"), "/callback?code=").await;
    assert!(
        callback.contains("/callback?code="),
        "the session of the provider: {callback}"
    );
}
