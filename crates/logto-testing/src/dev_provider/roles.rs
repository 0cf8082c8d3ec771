//! The roles of users and the organization template, checked against the API resources.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::{
    error::Problem,
    tables::{RolesByOrganization, ScopesByResource, Tables},
};
use crate::config::{Membership, OrganizationRole};

/// Scopes by the indicator of an API resource.
pub(super) type Permissions = BTreeMap<String, BTreeSet<String>>;

pub(super) struct Roles {
    pub(super) of_users: BTreeMap<String, Permissions>,
    pub(super) in_organizations: BTreeMap<String, OrganizationRole>,
}

impl Roles {
    pub(super) fn check(tables: &Tables) -> Result<Self, Problem> {
        let check = |scopes: &ScopesByResource| permissions(scopes, tables);
        let of_users = tables
            .roles
            .iter()
            .map(|(name, scopes)| Ok((name.clone(), check(scopes)?)));
        let in_organizations = tables.organization_roles.iter().map(|(name, table)| {
            let mut role = OrganizationRole::new(name);
            role.permissions.extend(table.permissions.iter().cloned());
            role.resource_permissions = check(&table.resources)?;
            Ok((name.clone(), role))
        });
        Ok(Self {
            of_users: of_users.collect::<Result<_, _>>()?,
            in_organizations: in_organizations.collect::<Result<_, _>>()?,
        })
    }
}

/// The permissions of a table, each of which an API resource has.
pub(super) fn permissions(scopes: &ScopesByResource, tables: &Tables) -> Result<Permissions, Problem> {
    let resources = tables.resources.iter();
    let resources: BTreeMap<_, _> = resources
        .map(|(indicator, all)| (indicator.get_ref().clone(), all))
        .collect();
    let mut permissions = Permissions::new();
    for (resource, scopes) in scopes {
        let known = find(&resources, resource, |indicator| {
            format!("[resources] has no {indicator}")
        })?;
        let of_resource = permissions.entry(resource.get_ref().clone()).or_default();
        for scope in scopes {
            if !known.contains(scope.get_ref()) {
                let (indicator, all) = (resource.get_ref(), known.join(", "));
                let text = format!("{indicator} has no scope `{}`; it has: {all}", scope.get_ref());
                return Err(Problem {
                    at: scope.span().start,
                    text,
                });
            }
            of_resource.insert(scope.get_ref().clone());
        }
    }
    Ok(permissions)
}

/// The memberships in organizations, with the permissions of the roles.
pub(super) fn memberships(
    organizations: &RolesByOrganization,
    tables: &Tables,
    roles: &Roles,
) -> Result<Vec<Membership>, Problem> {
    let mut memberships = Vec::new();
    for (id, names) in organizations {
        find(&tables.organizations, id, |id| {
            format!("there is no organization `{id}`: add [organizations.{id}]")
        })?;
        let mut membership = Membership::of(id.get_ref());
        for name in names {
            membership.assign(find(&roles.in_organizations, name, |name| {
                format!("there is no organization role `{name}`: add [organization_roles.{name}]")
            })?);
        }
        memberships.push(membership);
    }
    Ok(memberships)
}

/// The entry with this name. `missing` says what is wrong if there is none.
pub(super) fn find<'a, T>(
    entries: &'a BTreeMap<String, T>,
    name: &Spanned<String>,
    missing: impl FnOnce(&str) -> String,
) -> Result<&'a T, Problem> {
    entries.get(name.get_ref()).ok_or_else(|| {
        let names: Vec<_> = entries.keys().map(String::as_str).collect();
        let names = if names.is_empty() {
            "nothing".to_owned()
        } else {
            names.join(", ")
        };
        Problem {
            at: name.span().start,
            text: format!("{}; there is: {names}", missing(name.get_ref())),
        }
    })
}
