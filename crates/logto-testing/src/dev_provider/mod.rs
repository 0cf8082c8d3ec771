//! A provider for development: an interactive provider with the users of a file, in a thread of the
//! app's own process.

mod error;
mod file;
mod machine_apps;
mod roles;
mod state_file;
mod tables;
mod thread;
mod users;

use std::{
    fmt,
    net::{Ipv4Addr, TcpListener},
    path::{self, Path, PathBuf},
    sync::Arc,
};

pub use self::error::DevProviderError;
use self::{file::TenantFile, machine_apps::APP_ID, state_file::StateFile, thread::ServerThread};
use crate::{InteractivePages, MachineApp, TestClock, TestProvider, endpoints, provider::Provider};

/// A provider for development. It runs in a thread of its own until it is dropped, and listens on a
/// port of 127.0.0.1 that stays the same.
///
/// `logto-dev.toml` in the directory has the users, roles, API resources, organizations and
/// machine-to-machine apps. The first start writes it, with comments. `.logto-dev/` beside it has
/// what survives a restart: the client secrets, the signing key, the cookie secret of the app, the
/// sessions of browsers, and grants with their refresh tokens. That directory tells git to ignore
/// it; deleting it signs everyone out. Changes of `logto-dev.toml` take effect at the next start.
/// Users who register, and organizations, invitations and one-time tokens that the Management API
/// creates, end with the provider.
///
/// Use it for development only: every redirect URI on this machine counts as registered, and anyone
/// on this machine can sign in as any user.
///
/// ```no_run
/// use logto_testing::DevProvider;
///
/// let provider = DevProvider::start(".")?;
/// println!("{} {} {}", provider.endpoint(), provider.app_id(), provider.app_secret());
/// # Ok::<(), logto_testing::DevProviderError>(())
/// ```
#[must_use = "the provider stops when this value is dropped"]
pub struct DevProvider {
    provider: Arc<Provider>,
    secrets: state_file::Secrets,
    file: PathBuf,
    created: bool,
    scopes: Vec<String>,
    _thread: ServerThread,
}

impl fmt::Debug for DevProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DevProvider")
            .field("endpoint", &self.endpoint())
            .finish_non_exhaustive()
    }
}

impl DevProvider {
    /// Starts the provider with the files in `directory`.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or written, `logto-dev.toml` is invalid, or its port is in use.
    pub fn start(directory: impl AsRef<Path>) -> Result<Self, DevProviderError> {
        let directory = directory.as_ref();
        let directory = &path::absolute(directory).map_err(DevProviderError::file(directory))?;
        let TenantFile { path, listener, tenant } = TenantFile::load_or_create(directory)?;
        let created = listener.is_some();
        let listener = match listener {
            Some(listener) => listener,
            None => listen(tenant.port, &path)?,
        };
        let endpoint = format!("http://127.0.0.1:{}", tenant.port);
        let (state_file, saved) = StateFile::open(directory, &tenant.machine_apps)?;

        let notice = "Development provider, for this machine only. It is not Logto, and its passwords protect nothing. \
            Users and settings: logto-dev.toml.";
        let pages = InteractivePages::new(&tenant.app_name)
            .with_user_list(tenant.pages.user_list)
            .with_consent(tenant.pages.consent)
            .with_sign_out_question(tenant.pages.sign_out_question)
            .with_notice(notice);
        let mut builder = TestProvider::builder()
            .client(APP_ID, &saved.secrets.app_secret)
            .loopback_redirects()
            .interactive(pages)
            .lifetimes(tenant.lifetimes)
            .clock(TestClock::running());
        if tenant.step_up {
            builder = builder.step_up();
        }
        if tenant.token_exchange {
            builder = builder.token_exchange();
        }
        for role in tenant.organization_roles {
            builder = builder.organization_role(role);
        }
        for mut app in tenant.machine_apps {
            app.secret.clone_from(&saved.secrets.machine_apps[&app.id]);
            builder = builder.machine_app(app);
        }
        for resource in &tenant.resources {
            builder = builder.resource(resource);
        }
        for organization in tenant.organizations {
            builder = builder.organization(organization);
        }
        for mut user in tenant.users {
            user.picture = user.picture.map(|picture| absolute(&endpoint, picture));
            builder = builder.user(user);
        }
        let (config, users, clock) = builder.into_parts();
        let provider = Arc::new(Provider::new(config, endpoint, users, clock));
        let secrets = saved.secrets.clone();
        saved.restore(&provider);
        let router = state_file.save_after_requests(endpoints::router(Arc::clone(&provider)), Arc::clone(&provider));
        Ok(Self {
            provider,
            secrets,
            file: path,
            created,
            scopes: tenant.scopes,
            _thread: ServerThread::start(listener, router)?,
        })
    }

    /// Scheme, host and port: the `endpoint` of a `LogtoConfig`.
    pub fn endpoint(&self) -> &str {
        &self.provider.endpoint
    }

    /// The client id.
    pub fn app_id(&self) -> &str {
        APP_ID
    }

    /// The client secret, which only this directory has.
    pub fn app_secret(&self) -> &str {
        &self.secrets.app_secret
    }

    /// Returns the machine-to-machine apps of `logto-dev.toml`. Their secrets are generated and
    /// kept in `.logto-dev/`.
    pub fn machine_apps(&self) -> &[MachineApp] {
        &self.provider.config.machine_apps
    }

    /// A secret with which the app may seal its cookies. It stays the same across restarts.
    pub fn cookie_secret(&self) -> &str {
        &self.secrets.cookie_secret
    }

    /// The API resources of the file.
    pub fn resources(&self) -> &[String] {
        &self.provider.config.resources
    }

    /// The permissions of the file, for API resources and in organizations.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// The usernames of the file.
    pub fn usernames(&self) -> Vec<String> {
        let state = self.provider.state();
        state.users.iter().map(|user| user.username.clone()).collect()
    }

    /// The provider's clock, which runs. [`TestClock::advance`] makes tokens expire.
    pub fn clock(&self) -> TestClock {
        self.provider.clock.clone()
    }

    /// The code that the Account API has sent to an email address or phone number, until it is used.
    /// No message is sent.
    pub fn verification_code(&self, identifier: &str) -> Option<String> {
        self.provider.verification_code(identifier)
    }

    /// The path of the file with the users and settings.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Whether this start has written the file.
    pub fn created_file(&self) -> bool {
        self.created
    }
}

fn listen(port: u16, path: &Path) -> Result<TcpListener, DevProviderError> {
    let path = path.to_owned();
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|source| DevProviderError::Port { port, path, source })
}

/// A path becomes an address at the provider, which has pictures of its users.
fn absolute(endpoint: &str, picture: String) -> String {
    if picture.starts_with('/') {
        format!("{endpoint}{picture}")
    } else {
        picture
    }
}
