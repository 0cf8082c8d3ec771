//! The process of an instance.

use std::{fs::File, net::SocketAddr, path::PathBuf, process::Stdio, sync::Arc, time::Duration};

use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::{sleep, timeout},
};

use super::roster::{Process, Roster};
use crate::{failure::Failure, journal::Journal};

const START: Duration = Duration::from_secs(30);
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// How long an instance may take to finish its work after SIGTERM.
const DRAIN: Duration = Duration::from_secs(30);

/// The settings of an instance.
pub(crate) struct Settings {
    pub(crate) app: PathBuf,
    pub(crate) address: SocketAddr,
    pub(crate) variables: Vec<(&'static str, String)>,
    /// The file for its log.
    pub(crate) log: PathBuf,
}

pub(crate) struct AppInstance {
    number: usize,
    settings: Settings,
    journal: Arc<Journal>,
    roster: Arc<Roster>,
    running: Option<(Process, Child)>,
}

impl AppInstance {
    /// Starts the app, and waits until it accepts connections.
    pub(crate) async fn start(
        number: usize,
        settings: Settings,
        journal: Arc<Journal>,
        roster: Arc<Roster>,
    ) -> Result<Self, Failure> {
        File::create(&settings.log)?;
        let mut instance = Self {
            number,
            settings,
            journal,
            roster,
            running: None,
        };
        instance.restart().await?;
        Ok(instance)
    }

    /// Starts the app again, unless it runs.
    pub(crate) async fn restart(&mut self) -> Result<(), Failure> {
        if self.running.is_some() {
            return Ok(());
        }
        let log = File::options().append(true).open(&self.settings.log)?;
        let process = self.roster.begin(self.number);
        let mut child = Command::new(&self.settings.app)
            .env_clear()
            .envs(self.settings.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let listens = async {
            while TcpStream::connect(self.settings.address).await.is_err() {
                if child.try_wait().ok().flatten().is_some() {
                    return false;
                }
                sleep(POLL_INTERVAL).await;
            }
            true
        };
        if !timeout(START, listens).await.unwrap_or_default() {
            let log = self.settings.log.display();
            return Err(format!("instance {} does not start; its log is {log}", self.number + 1).into());
        }
        self.running = Some((process, child));
        Ok(())
    }

    /// The process and its id, while it runs.
    pub(crate) fn process(&self) -> Option<(Process, u32)> {
        let (process, child) = self.running.as_ref()?;
        Some((*process, child.id()?))
    }

    /// Sends SIGKILL: no destructor runs, and nothing is flushed.
    pub(crate) async fn kill(&mut self) -> Result<(), Failure> {
        let Some((process, mut child)) = self.running.take() else {
            return Ok(());
        };
        child.kill().await?;
        self.roster.end(process, self.journal.now(), true);
        Ok(())
    }

    /// Sends SIGTERM, and waits until the process has finished its work.
    pub(crate) async fn terminate(&mut self) -> Result<(), Failure> {
        let Some((process, mut child)) = self.running.take() else {
            return Ok(());
        };
        if let Some(id) = child.id() {
            let id = id.to_string();
            Command::new("kill").args(["-s", "TERM", &id]).status().await?;
        }
        let has_ended = timeout(DRAIN, child.wait()).await.is_ok();
        self.roster.end(process, self.journal.now(), false);
        if !has_ended {
            child.kill().await?;
            return Err(format!("instance {} runs 30 seconds after SIGTERM", self.number + 1).into());
        }
        Ok(())
    }
}
