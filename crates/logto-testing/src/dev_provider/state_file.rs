//! `.logto-dev/state.json`: what survives a restart of the app.

use std::{
    collections::{BTreeMap, HashMap},
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Router, extract::Request, middleware, middleware::Next};
use serde::{Deserialize, Serialize};

use super::error::DevProviderError;
use crate::{
    config::{MachineApp, SigningAlgorithm},
    provider::{Grants, Provider, Visit},
    random,
    tokens::keys::{SavedKey, SigningKey},
};

const DIRECTORY: &str = ".logto-dev";

/// The secrets of the provider's clients.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Secrets {
    pub(super) app_secret: String,
    pub(super) cookie_secret: String,
    /// The secrets of machine-to-machine apps, by client id.
    #[serde(default)]
    pub(super) machine_apps: BTreeMap<String, String>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

/// The content of the file.
#[derive(Deserialize, Serialize)]
pub(super) struct SavedState {
    pub(super) secrets: Secrets,
    signing_key: SavedKey,
    #[serde(default)]
    grants: Grants,
    #[serde(default)]
    sessions: HashMap<String, Visit>,
}

impl SavedState {
    fn new() -> Self {
        let secrets = Secrets {
            app_secret: random::opaque(),
            cookie_secret: random::opaque(),
            machine_apps: BTreeMap::new(),
        };
        Self {
            secrets,
            signing_key: SigningKey::generate(SigningAlgorithm::default()).save(),
            grants: Grants::default(),
            sessions: HashMap::new(),
        }
    }

    /// Continues with the saved key, grants and sessions.
    pub(super) fn restore(self, provider: &Provider) {
        if let Some(key) = SigningKey::load(&self.signing_key) {
            provider.keys.replace(key);
        }
        let mut state = provider.state();
        state.grants = self.grants;
        state.visits.restore(self.sessions);
    }
}

pub(super) struct StateFile {
    path: PathBuf,
    secrets: Secrets,
    /// The content on disk: an unchanged state is not written again.
    written: Mutex<Vec<u8>>,
}

impl StateFile {
    /// Reads the state, or creates it. Adds a secret for each new machine-to-machine app.
    pub(super) fn open(directory: &Path, machine_apps: &[MachineApp]) -> Result<(Self, SavedState), DevProviderError> {
        let directory = directory.join(DIRECTORY);
        let path = directory.join("state.json");
        let (mut saved, mut is_changed) = match fs::read(&path) {
            Ok(bytes) => (parse(&path, &bytes)?, false),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                fs::create_dir_all(&directory).map_err(DevProviderError::file(&directory))?;
                let ignore = directory.join(".gitignore");
                fs::write(&ignore, "*\n").map_err(DevProviderError::file(ignore))?;
                (SavedState::new(), true)
            }
            Err(error) => return Err(DevProviderError::file(path)(error)),
        };
        let secrets = &mut saved.secrets.machine_apps;
        secrets.retain(|id, _| machine_apps.iter().any(|app| app.id == *id));
        for app in machine_apps {
            secrets.entry(app.id.clone()).or_insert_with(|| {
                is_changed = true;
                random::opaque()
            });
        }
        if is_changed {
            let bytes = serde_json::to_vec(&saved).unwrap_or_default();
            replace(&path, &bytes).map_err(DevProviderError::file(&path))?;
        }
        let secrets = saved.secrets.clone();
        let file = Self {
            path,
            secrets,
            written: Mutex::default(),
        };
        Ok((file, saved))
    }

    /// Saves the state after each request that changed it, before the response is sent, so that an
    /// app which is killed afterwards finds the tokens it received.
    pub(super) fn save_after_requests(self, router: Router, provider: Arc<Provider>) -> Router {
        let shared = Arc::new((self, provider));
        router.layer(middleware::from_fn(move |request: Request, next: Next| {
            let shared = Arc::clone(&shared);
            async move {
                let response = next.run(request).await;
                let (file, provider) = &*shared;
                if let Err(error) = file.save(provider) {
                    let path = file.path.display();
                    tracing::warn!("{path} cannot be written, so sign-ins end with this process: {error}");
                }
                response
            }
        }))
    }

    fn save(&self, provider: &Provider) -> io::Result<()> {
        let now = provider.now();
        let saved = {
            let mut state = provider.state();
            state.grants.remove_expired(now);
            SavedState {
                secrets: self.secrets.clone(),
                signing_key: provider.keys.current().save(),
                grants: state.grants.clone(),
                sessions: state.visits.sessions(now),
            }
        };
        let bytes = serde_json::to_vec(&saved)?;
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if *written != bytes {
            replace(&self.path, &bytes)?;
            *written = bytes;
        }
        Ok(())
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<SavedState, DevProviderError> {
    let invalid = |problem: String| DevProviderError::State {
        path: path.to_owned(),
        problem,
    };
    let saved: SavedState = serde_json::from_slice(bytes).map_err(|error| invalid(error.to_string()))?;
    match SigningKey::load(&saved.signing_key) {
        Some(_) => Ok(saved),
        None => Err(invalid("the signing key is invalid".to_owned())),
    }
}

/// Replaces the file in one step, readable by its owner only.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("json.new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&temporary)?.write_all(bytes)?;
    fs::rename(temporary, path)
}
