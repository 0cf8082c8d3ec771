//! The users of `logto-dev.toml`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    error::Problem,
    roles::{Roles, find, memberships},
    tables::{Tables, UserTable, in_file_order},
};
use crate::config::User;

pub(super) fn users(tables: &Tables, roles: &Roles) -> Result<Vec<User>, Problem> {
    let mut ids = BTreeMap::new();
    let mut users = Vec::new();
    for (username, table) in in_file_order(&tables.users) {
        let user = user(username, table, tables, roles)?;
        if let Some(other) = ids.insert(user.id.clone(), username) {
            let at = table.id.as_ref().map_or(0, |id| id.span().start);
            let text = format!("the user {other} already has the id `{}`; ids are unique", user.id);
            return Err(Problem { at, text });
        }
        users.push(user);
    }
    Ok(users)
}

fn user(username: &str, table: &UserTable, tables: &Tables, roles: &Roles) -> Result<User, Problem> {
    let mut user = User::new(username);
    if let Some(id) = &table.id {
        user.id.clone_from(id.get_ref());
    }
    for name in &table.roles {
        let permissions = find(&roles.of_users, name, |name| {
            format!("there is no role `{name}`: add [roles.{name}]")
        })?;
        user = user.with_role(name.get_ref());
        for (resource, scopes) in permissions {
            user.permissions
                .entry(resource.clone())
                .or_default()
                .extend(scopes.iter().cloned());
        }
    }
    user.memberships = memberships(&table.organizations, tables, roles)?;
    user.password.clone_from(&table.password);
    user.name.clone_from(&table.name);
    user.picture.clone_from(&table.picture);
    user.email.clone_from(&table.email);
    user.phone.clone_from(&table.phone);
    user.profile.clone_from(&table.profile);
    user.custom_data = Value::Object(table.custom_data.clone());
    user.identities = Value::Object(table.identities.clone());
    user.sso_identities = Value::Array(table.sso_identities.clone());
    user.created_at = table.created_at.unwrap_or(user.created_at);
    user.updated_at = table.updated_at.unwrap_or(user.updated_at);
    user.second_factor = table.second_factor;
    user.suspended = table.suspended;
    user.access_denied = table.access_denied;
    Ok(user)
}
