//! Scopes, resources and prompts of an authorization request.

use std::collections::{BTreeMap, BTreeSet};

use crate::{provider::ProviderState, requests::Params, tokens::claims::OIDC_SCOPES};

/// The resource indicator with which a client requests scopes of the organization template.
pub(super) const ORGANIZATIONS_RESOURCE: &str = "urn:logto:resource:organizations";

pub(crate) fn prompts(params: &Params) -> BTreeSet<&str> {
    params.get("prompt").unwrap_or_default().split_whitespace().collect()
}

type Granted = (BTreeSet<String>, BTreeMap<String, BTreeSet<String>>);

/// The granted scopes: those of the provider itself, and those of each requested resource.
pub(super) fn granted(state: &ProviderState, user_id: &str, params: &Params) -> Granted {
    let requested: BTreeSet<String> = params
        .get("scope")
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    // Without `prompt=consent` the scope is ignored, OpenID Connect Core 1.0 §11.
    let offline = prompts(params).contains("consent");
    let oidc = requested.iter().filter(|scope| OIDC_SCOPES.contains(&scope.as_str()));
    let oidc = oidc
        .filter(|scope| offline || *scope != "offline_access")
        .cloned()
        .collect();
    let user = state.user(user_id);
    let resources = params.all("resource").into_iter().map(|resource| {
        let available = if resource == ORGANIZATIONS_RESOURCE {
            // The scopes of the organization template, whether or not the user has them.
            state
                .users
                .iter()
                .flat_map(|user| &user.memberships)
                .flat_map(|it| it.permissions.clone())
                .collect()
        } else {
            user.map(|user| user.scopes_for(resource, None)).unwrap_or_default()
        };
        (
            resource.to_owned(),
            requested.intersection(&available).cloned().collect(),
        )
    });
    (oidc, resources.collect())
}
