//! The roles of users and the organization template, checked against the API resources.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::{
    error::Problem,
    tables::{ScopesByResource, Tables},
};

/// Scopes by the indicator of an API resource.
pub(super) type Permissions = BTreeMap<String, BTreeSet<String>>;

pub(super) struct Roles {
    pub(super) of_users: BTreeMap<String, Permissions>,
    pub(super) in_organizations: BTreeMap<String, OrganizationRole>,
}

pub(super) struct OrganizationRole {
    pub(super) permissions: Vec<String>,
    pub(super) resources: Permissions,
}

impl Roles {
    pub(super) fn check(tables: &Tables) -> Result<Self, Problem> {
        let resources = tables.resources.iter();
        let resources = resources
            .map(|(indicator, scopes)| (indicator.get_ref().clone(), scopes))
            .collect();
        let check = |scopes: &ScopesByResource| checked(scopes, &resources);
        let of_users = tables
            .roles
            .iter()
            .map(|(name, scopes)| Ok((name.clone(), check(scopes)?)));
        let in_organizations = tables.organization_roles.iter().map(|(name, table)| {
            let role = OrganizationRole {
                permissions: table.permissions.clone(),
                resources: check(&table.resources)?,
            };
            Ok((name.clone(), role))
        });
        Ok(Self {
            of_users: of_users.collect::<Result<_, _>>()?,
            in_organizations: in_organizations.collect::<Result<_, _>>()?,
        })
    }
}

fn checked(scopes: &ScopesByResource, resources: &BTreeMap<String, &Vec<String>>) -> Result<Permissions, Problem> {
    let mut permissions = Permissions::new();
    for (resource, scopes) in scopes {
        let known = find(resources, resource, |indicator| {
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
