//! The app's program, and a browser that talks to it.

use std::{
    net::{Ipv4Addr, TcpListener},
    process::{Child, Command, Stdio},
    time::Duration,
};

use logto_testing::TestProvider;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header, redirect::Policy};

/// The program on a port of its own. Kill it, and start it again.
pub(crate) struct AppProcess {
    address: String,
    settings: Vec<(&'static str, String)>,
    process: Child,
}

impl AppProcess {
    /// A free port, as an address: the provider has to know the redirect URI before the app starts.
    pub(crate) fn free_address() -> String {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        free.local_addr().unwrap().to_string()
    }

    pub(crate) async fn start(address: &str, provider: &TestProvider, store: &str) -> Self {
        Self::start_with(address, provider, [("LOGTO_STORE", store.to_owned())]).await
    }

    /// With further settings; they override the usual ones.
    pub(crate) async fn start_with(
        address: &str,
        provider: &TestProvider,
        further: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        let mut settings = vec![
            ("LEPTOS_OUTPUT_NAME", "quick-start".to_owned()),
            ("LEPTOS_SITE_ADDR", address.to_owned()),
            ("LOGTO_ENDPOINT", provider.endpoint().to_owned()),
            ("LOGTO_APP_ID", provider.app_id().to_owned()),
            ("LOGTO_APP_SECRET", provider.app_secret().to_owned()),
            ("LOGTO_COOKIE_SECRET", "a-secret-of-thirty-two-bytes-or-more".to_owned()),
            ("LOGTO_SCOPES", "email".to_owned()),
            ("RUST_LOG", "error".to_owned()),
        ];
        settings.extend(further);
        let process = spawn(&settings);
        let app = Self {
            address: address.to_owned(),
            settings,
            process,
        };
        app.until_it_listens().await;
        app
    }

    /// SIGKILL: no destructor runs, nothing is written any more.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) async fn start_again(&mut self) {
        self.process = spawn(&self.settings);
        self.until_it_listens().await;
    }

    async fn until_it_listens(&self) {
        for _ in 0..600 {
            if tokio::net::TcpStream::connect(&self.address).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the app does not listen after 30 seconds");
    }
}

impl Drop for AppProcess {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// In a directory without settings of anybody's.
fn spawn(settings: &[(&'static str, String)]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_quick-start"))
        .env_clear()
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .spawn()
        .unwrap()
}

/// A browser. Whatever fails while the app is being killed is an error, as it is for a user.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    base: String,
}

/// The app did not answer, or not well.
#[derive(Debug)]
pub(crate) struct Failed;

impl From<reqwest::Error> for Failed {
    fn from(_: reqwest::Error) -> Self {
        Self
    }
}

impl Browser {
    pub(crate) fn new(address: &str) -> Self {
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(Duration::from_secs(60))
            .no_proxy();
        Self {
            client: client.build().unwrap(),
            base: format!("http://{address}"),
        }
    }

    /// Signs in, and returns the session's cookie once the app has handed it out: from then on it
    /// is acknowledged.
    pub(crate) async fn sign_in(&self, provider: &TestProvider) -> Result<String, Failed> {
        let form = self
            .client
            .post(format!("{}/sign-in", self.base))
            .header(header::ORIGIN, &self.base)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("return_to=/");
        let started = form.send().await?;
        let transaction = cookie(&started, "logto_tx_").ok_or(Failed)?;
        let callback = provider.authorize(location(&started).ok_or(Failed)?).await;
        let finished = self
            .client
            .get(callback)
            .header(header::COOKIE, transaction)
            .send()
            .await?;
        // A failed sign-in redirects too, and has no session.
        cookie(&finished, "logto_app").ok_or(Failed)
    }

    /// Opens a page: what ends soon is refreshed first.
    pub(crate) async fn open(&self, path: &str, session: &str) -> Result<String, Failed> {
        self.visit(path, &mut session.to_owned()).await
    }

    /// Opens a page, and does what the answer says about the session's cookie.
    pub(crate) async fn visit(&self, path: &str, session: &mut String) -> Result<String, Failed> {
        let page = self.get(path).header(header::COOKIE, &*session).send().await?;
        if page.status() != StatusCode::OK {
            return Err(Failed);
        }
        let cookies = page.headers().get_all(header::SET_COOKIE).iter();
        let cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        for cookie in cookies.filter(|cookie| cookie.starts_with("logto_app=")) {
            cookie.clone_into(session);
        }
        Ok(page.text().await?)
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client
            .get(format!("{}{path}", self.base))
            .header("sec-fetch-dest", "document")
    }
}

fn location(response: &Response) -> Option<&str> {
    response.headers().get(header::LOCATION)?.to_str().ok()
}

/// `name=value` of the cookie that is set and whose name begins so.
fn cookie(response: &Response, name: &str) -> Option<String> {
    response
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .find_map(|cookie| {
            let pair = cookie.to_str().ok()?.split(';').next()?;
            let (found, value) = pair.split_once('=')?;
            (found.starts_with(name) && !value.is_empty()).then(|| pair.to_owned())
        })
}
