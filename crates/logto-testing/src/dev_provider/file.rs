//! `logto-dev.toml`: written at the first start, read at every start.

use std::{
    fs,
    io::ErrorKind,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
};

use super::{
    error::{DevProviderError, Problem},
    machine_apps::machine_apps,
    roles::Roles,
    tables::{LifetimesTable, PagesTable, Tables, in_file_order},
    users,
};
use crate::config::{Lifetimes, MachineApp, Organization, OrganizationRole, User};

const NAME: &str = "logto-dev.toml";
const TEMPLATE: &str = include_str!("template.toml");
/// The port in a new file is the first free one from here on.
const FIRST_PORT: u16 = 3302;

pub(super) struct TenantFile {
    pub(super) path: PathBuf,
    /// The socket of a file that this start has written: no other program can take its port.
    pub(super) listener: Option<TcpListener>,
    pub(super) tenant: Tenant,
}

/// The settings of the file.
#[derive(Debug)]
pub(super) struct Tenant {
    pub(super) port: u16,
    pub(super) app_name: String,
    pub(super) step_up: bool,
    pub(super) token_exchange: bool,
    pub(super) pages: PagesTable,
    pub(super) lifetimes: Lifetimes,
    pub(super) resources: Vec<String>,
    pub(super) organizations: Vec<Organization>,
    pub(super) organization_roles: Vec<OrganizationRole>,
    /// Without secrets.
    pub(super) machine_apps: Vec<MachineApp>,
    pub(super) users: Vec<User>,
    /// All permissions.
    pub(super) scopes: Vec<String>,
}

impl TenantFile {
    pub(super) fn load_or_create(directory: &Path) -> Result<Self, DevProviderError> {
        let path = directory.join(NAME);
        let (text, listener) = match fs::read_to_string(&path) {
            Ok(text) => (text, None),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let (port, listener) = free_port();
                let text = new_file(&app_name(directory), port);
                fs::write(&path, &text).map_err(DevProviderError::file(&path))?;
                (text, listener)
            }
            Err(error) => return Err(DevProviderError::file(path)(error)),
        };
        match Tenant::parse(&text) {
            Ok(tenant) => Ok(Self { path, listener, tenant }),
            Err(Problem { at, text: problem }) => {
                let line = text.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1;
                Err(DevProviderError::Invalid { path, line, problem })
            }
        }
    }
}

impl Tenant {
    fn parse(text: &str) -> Result<Self, Problem> {
        let tables: Tables = toml::from_str(text).map_err(|error| Problem {
            at: error.span().map_or(0, |span| span.start),
            text: error.message().to_owned(),
        })?;
        let roles = Roles::check(&tables)?;
        let users = users::users(&tables, &roles)?;
        let machine_apps = machine_apps(&tables, &roles)?;
        let organizations = tables.organizations.iter().map(|(id, table)| Organization {
            description: table.description.clone(),
            ..Organization::new(id, &table.name)
        });
        Ok(Self {
            port: tables.provider.port,
            organizations: organizations.collect(),
            organization_roles: roles.in_organizations.into_values().collect(),
            machine_apps,
            users,
            scopes: tables.scopes(),
            resources: in_file_order(&tables.resources)
                .into_iter()
                .map(|(indicator, _)| indicator.to_owned())
                .collect(),
            lifetimes: lifetimes(&tables.lifetimes),
            app_name: tables.provider.app_name,
            step_up: tables.provider.step_up,
            token_exchange: tables.provider.token_exchange,
            pages: tables.pages,
        })
    }
}

fn lifetimes(table: &LifetimesTable) -> Lifetimes {
    let mut lifetimes = Lifetimes::default();
    if let Some(seconds) = table.id_token {
        lifetimes = lifetimes.with_id_token(seconds.get());
    }
    if let Some(seconds) = table.access_token {
        lifetimes = lifetimes.with_access_token(seconds.get());
    }
    if let Some(seconds) = table.refresh_token {
        lifetimes = lifetimes.with_refresh_token(seconds.get());
    }
    lifetimes
}

fn new_file(app_name: &str, port: u16) -> String {
    let app_name = toml::Value::String(app_name.to_owned()).to_string();
    TEMPLATE
        .replace("\"APP NAME\"", &app_name)
        .replace("3302", &port.to_string())
}

/// The name of the directory, which usually is that of the app.
fn app_name(directory: &Path) -> String {
    let full = directory.canonicalize().unwrap_or_default();
    let name = full.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "the app".to_owned())
}

/// A port that no program listens on, such as another app's provider, and a socket that listens
/// there.
fn free_port() -> (u16, Option<TcpListener>) {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok();
    let mut ports = FIRST_PORT..FIRST_PORT + 100;
    let found = ports.find_map(|port| Some((port, Some(bind(port)?))));
    found.unwrap_or((FIRST_PORT, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: &str = "
[resources]
\"https://api.example.com\" = [\"read:orders\"]
[roles.admin]
\"https://api.example.com\" = [\"read:orders\"]
[organization_roles.member]
permissions = [\"read:members\"]
[organizations.acme]
name = \"Acme Inc.\"
";

    /// The line and text of the problem with this text after the roles, counted from the end of the
    /// roles.
    fn problem(more: &str) -> (usize, String) {
        let text = format!("{ROLES}{more}");
        let problem = Tenant::parse(&text).unwrap_err();
        let lines = text.bytes().take(problem.at).filter(|&byte| byte == b'\n').count() + 1;
        (lines - ROLES.lines().count(), problem.text)
    }

    #[test]
    fn the_file_of_a_first_start_is_valid_and_names_app_and_port() {
        let tenant = Tenant::parse(&new_file("My \"own\" app", 3310)).unwrap();
        assert_eq!((tenant.app_name.as_str(), tenant.port), ("My \"own\" app", 3310));
        let usernames: Vec<_> = tenant.users.iter().map(|user| user.username.as_str()).collect();
        assert_eq!(usernames, ["ada", "bob"]);
        assert!(tenant.pages.user_list && !tenant.pages.consent);
        assert!(!tenant.resources.is_empty() && !tenant.scopes.is_empty());
    }

    #[test]
    fn resources_and_users_keep_the_order_of_the_file() {
        let text = "[resources]\n\"https://z\" = []\n\"https://a\" = []\n[users.zed]\n[users.ada]\n";
        let tenant = Tenant::parse(text).unwrap();
        assert_eq!(tenant.resources, ["https://z", "https://a"]);
        assert_eq!(tenant.users[0].username, "zed");
    }

    #[test]
    fn a_file_without_content_has_defaults() {
        let tenant = Tenant::parse("").unwrap();
        assert_eq!((tenant.port, tenant.app_name.as_str()), (3302, "the app"));
        assert!(tenant.users.is_empty());
    }

    #[test]
    fn a_user_has_the_permissions_of_roles_and_memberships() {
        let more = "[users.eve]\nroles = [\"admin\"]\norganizations = { acme = [\"member\"] }\nid = \"u1\"\n\
                    custom_data = { theme = \"dark\" }\nprofile.locale = \"en\"\n";
        let user = Tenant::parse(&format!("{ROLES}{more}")).unwrap().users.remove(0);
        assert_eq!((user.id.as_str(), user.username.as_str()), ("u1", "eve"));
        assert!(user.permissions["https://api.example.com"].contains("read:orders"));
        assert!(user.memberships[0].permissions.contains("read:members"));
        assert_eq!(user.memberships[0].roles, ["member"]);
        assert_eq!(user.custom_data["theme"], "dark");
        assert_eq!(user.profile["locale"], "en");
    }

    #[test]
    fn a_problem_names_its_line_and_the_fix() {
        for (more, line, parts) in [
            (
                "[users.eve]\nroles = [\"admni\"]\n",
                2,
                &["`admni`", "[roles.admni]", "admin"][..],
            ),
            (
                "[users.eve]\n\norganizations = { acne = [] }",
                3,
                &["`acne`", "[organizations.acne]", "acme"],
            ),
            (
                "[users.eve]\norganizations = { acme = [\"boss\"] }",
                2,
                &["`boss`", "organization_roles", "member"],
            ),
            (
                "[roles.reader]\n\"https://other.example\" = []\n",
                2,
                &["https://other.example", "[resources]"],
            ),
            (
                "[roles.reader]\n\"https://api.example.com\" = [\"read\"]\n",
                2,
                &["`read`", "read:orders"],
            ),
            ("[users.eve]\n\npassphrase = \"x\"\n", 3, &["passphrase", "password"]),
            (
                "[machine_apps.worker]\norganizations = { acne = [] }",
                2,
                &["`acne`", "acme"],
            ),
            (
                "[machine_apps.worker]\npermissions = { \"https://api.example.com\" = [\"read\"] }",
                2,
                &["`read`", "read:orders"],
            ),
            ("[machine_apps.development]\n", 1, &["`development`", "another one"]),
            ("[users.eve]\n[users.eve]\n", 2, &["duplicate key"]),
            ("[users.eve]\nsuspended = 1\n", 2, &["boolean"]),
            ("[lifetimes]\naccess_token = 0\n", 2, &["nonzero"]),
            ("[users.eve]\nid = \"x\"\n[users.zed]\nid = \"x\"\n", 4, &["`x`", "eve"]),
        ] {
            let (found, text) = problem(more);
            assert_eq!(found, line, "{more}: {text}");
            for part in parts {
                assert!(text.contains(part), "{text} should contain {part}");
            }
        }
    }
}
