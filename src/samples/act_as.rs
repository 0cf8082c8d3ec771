use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::act_as_error::ActAsError;

/// The roles that the other user may have. Acting gives the agent every permission of the other
/// user, so users with any other role are refused.
const ROLES_OF_OTHERS: [&str; 1] = ["reader"];

/// A user that a manager may choose.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OtherUser {
    pub id: String,
    pub name: String,
}

/// The first users of the tenant, without the user of the session.
#[server(prefix = "/fn", endpoint = "act-as/users")]
pub async fn load_other_users() -> Result<Vec<OtherUser>, ActAsError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct User {
        id: String,
        name: Option<String>,
        username: Option<String>,
        primary_email: Option<String>,
    }
    let agent = logto_leptos::require(logto_leptos::role("manager")).await?;
    let mut pages = management()?.pages::<User>(&["users"]).with_page_size(20);
    let users = pages.next().await?.unwrap_or_default();
    let others = users.into_iter().filter(|user| user.id != agent.id());
    let named = others.map(|user| {
        let names = [user.name, user.username, user.primary_email].into_iter().flatten();
        let name = names.into_iter().find(|name| !name.is_empty());
        OtherUser {
            name: name.unwrap_or_else(|| user.id.clone()),
            id: user.id,
        }
    });
    Ok(named.collect())
}

/// Starts to act as another user. Your app decides who may act as whom.
#[server(prefix = "/fn", endpoint = "act-as/start")]
pub async fn act_as(user_id: String) -> Result<(), ActAsError> {
    use logto_leptos::{ContextOptions, SessionError, auth_session, logto_context};

    // Logto may have taken the role away since the last refresh, so refresh the claims first.
    logto_context(ContextOptions::default().with_fresh_claims(true)).await?;
    let agent = logto_leptos::require(logto_leptos::role("manager")).await?;
    if user_id == agent.id() {
        return Err(SessionError::ActingAsSelf.into());
    }
    let management = management()?;
    check_roles_of_other(&management, &user_id).await?;
    // A one-time token that stands for the other user. It expires after 10 minutes.
    let subject = management.create_subject_token(&user_id).await?;
    auth_session()?.act_as(&user_id, subject.secret).await?;
    // An audit trail: who acted as whom.
    tracing::info!(
        agent = agent.id(),
        user = user_id,
        "a user starts to act as another user"
    );
    Ok(())
}

/// Refuses users whose permissions an agent must not get. The form may name any user of the tenant.
#[cfg(feature = "ssr")]
async fn check_roles_of_other(management: &logto_leptos::ManagementClient, user_id: &str) -> Result<(), ActAsError> {
    #[derive(Deserialize)]
    struct Role {
        name: String,
    }
    // The id becomes a part of a path.
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !(1..=64).contains(&user_id.len()) || !user_id.bytes().all(is_part) {
        return Err(ActAsError::NoSuchUser);
    }
    let roles = management.pages::<Role>(&["users", user_id, "roles"]).all().await?;
    let is_allowed = |role: &Role| ROLES_OF_OTHERS.contains(&role.name.as_str());
    if roles.iter().all(is_allowed) {
        Ok(())
    } else {
        Err(ActAsError::NotAllowed)
    }
}

/// Returns the client for the Management API. Its token may change everything in the tenant, so check
/// the user's permission first.
#[cfg(feature = "ssr")]
fn management() -> Result<logto_leptos::ManagementClient, ActAsError> {
    let session = logto_leptos::auth_session()?;
    session.management().map_err(|_| ActAsError::NotSetUp)
}
