//! The app as a process, and a browser that talks to it.

use std::{
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use logto_testing::TestProvider;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header, redirect::Policy};
use tokio::sync::oneshot;

/// A running app on its own port. Tests can kill and restart it.
pub(crate) struct AppProcess {
    directory: PathBuf,
    settings: Vec<(&'static str, String)>,
    process: Child,
}

impl AppProcess {
    /// Returns an address with a free port. The provider needs the redirect URI before the app
    /// starts.
    pub(crate) fn free_address() -> String {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        free.local_addr().unwrap().to_string()
    }

    pub(crate) async fn start(address: &str, provider: &TestProvider, store: &str) -> Self {
        Self::start_with(address, provider, [("LOGTO_STORE_URL", store.to_owned())]).await
    }

    /// Starts the app with further settings, which override the default ones.
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
            ("RUST_LOG", "error,quick_start=info".to_owned()),
        ];
        settings.extend(further);
        Self::start_in(std::env::temp_dir(), settings).await
    }

    /// Starts the app with these settings only, in a directory that may have settings files.
    pub(crate) async fn start_in(directory: PathBuf, settings: Vec<(&'static str, String)>) -> Self {
        let process = spawn(&directory, &settings).await;
        Self {
            directory,
            settings,
            process,
        }
    }

    /// Sends SIGKILL: no destructor runs, and nothing is flushed.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Sends SIGTERM, as service managers and container engines do.
    pub(crate) fn terminate(&self) {
        let mut kill = Command::new("kill");
        let status = kill.args(["-TERM", &self.process.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    /// Waits until the app has ended by itself.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }

    /// Runs `--health` of the app with the same settings.
    pub(crate) fn health(&self) -> ExitStatus {
        command(&self.directory, &self.settings)
            .arg("--health")
            .status()
            .unwrap()
    }

    /// Replaces the process by one with another value of this setting, as a deployment does.
    pub(crate) async fn redeploy(&mut self, name: &'static str, value: String) {
        self.terminate();
        assert!(self.wait().success());
        self.settings.retain(|(other, _)| *other != name);
        self.settings.push((name, value));
        self.restart().await;
    }

    pub(crate) async fn restart(&mut self) {
        self.process = spawn(&self.directory, &self.settings).await;
    }
}

impl Drop for AppProcess {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts the app, and waits until it accepts connections.
async fn spawn(directory: &Path, settings: &[(&'static str, String)]) -> Child {
    let mut process = command(directory, settings).stderr(Stdio::piped()).spawn().unwrap();
    let listening = until_listening(process.stderr.take().unwrap());
    let listening = tokio::time::timeout(Duration::from_secs(30), listening).await;
    listening
        .expect("the app does not listen after 30 seconds")
        .expect("the app has ended; its errors are above");
    process
}

fn command(directory: &Path, settings: &[(&'static str, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quick-start"));
    command
        .env_clear()
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .current_dir(directory)
        .stdin(Stdio::null());
    command
}

/// Forwards the app's log to that of the test. The receiver gets a message at the line that says
/// that the app listens, or an error if the app ends before.
fn until_listening(log: ChildStderr) -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
    thread::spawn(move || {
        let mut sender = Some(sender);
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            if line.contains("listening on http://")
                && let Some(sender) = sender.take()
            {
                let _ = sender.send(());
            }
            eprintln!("{line}");
        }
    });
    receiver
}

/// A browser. Requests fail while the app is down, as they do for a user.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    base: String,
}

/// The app did not answer, or answered with an error.
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

    /// Signs in and returns the session cookie. The app has acknowledged the session by then.
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
        // A failed sign-in redirects too, but sets no session cookie.
        cookie(&finished, "logto_app").ok_or(Failed)
    }

    /// Opens a page. The app first refreshes tokens that expire soon.
    pub(crate) async fn open(&self, path: &str, session: &str) -> Result<String, Failed> {
        self.visit(path, &mut session.to_owned()).await
    }

    /// Opens a page and stores the session cookie that the response sets.
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

/// Returns `name=value` of the cookie that the response sets and whose name starts with `name`.
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
