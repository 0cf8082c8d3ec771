//! The machine-to-machine apps of `logto-dev.toml`.

use super::{
    error::Problem,
    roles::{Roles, memberships, permissions},
    tables::Tables,
};
use crate::config::MachineApp;

/// The client id of apps that use the provider. No machine-to-machine app may have it.
pub(super) const APP_ID: &str = "development";

/// The apps, without their secrets, which the state file has.
pub(super) fn machine_apps(tables: &Tables, roles: &Roles) -> Result<Vec<MachineApp>, Problem> {
    let apps = tables.machine_apps.iter().map(|(spanned, table)| {
        let id = spanned.get_ref();
        if id.is_empty() || id == APP_ID {
            return Err(Problem {
                at: spanned.span().start,
                text: format!("`{id}` cannot be the id of a machine-to-machine app: choose another one"),
            });
        }
        let mut app = MachineApp::new(id, "");
        app.permissions = permissions(&table.permissions, tables)?;
        app.memberships = memberships(&table.organizations, tables, roles)?;
        app.token_exchange = table.token_exchange;
        Ok(if table.management_api {
            app.with_management_api()
        } else {
            app
        })
    });
    apps.collect()
}
