use leptos::prelude::*;
use logto_leptos::role;
use serde::{Deserialize, Serialize};

use super::act_as_error::ActAsError;

/// A user as whom a manager may act.
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
    let agent = logto_leptos::require(role("manager")).await?;
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

/// Begins to act as another user. Your app decides who may: here every manager may act as any user.
#[server(prefix = "/fn", endpoint = "act-as/start")]
pub async fn act_as(user_id: String) -> Result<(), ActAsError> {
    let agent = logto_leptos::require(role("manager")).await?;
    // A token of Logto that stands for the other user, once and for 10 minutes.
    let subject = management()?.create_subject_token(&user_id).await?;
    logto_leptos::auth_session()?.act_as(&user_id, subject.secret).await?;
    // For those who ask later who did what.
    tracing::info!(agent = agent.id(), user = user_id, "acts as another user");
    Ok(())
}

/// The client for the Management API. Its token may change everything in the tenant, so check first
/// what the user may do.
#[cfg(feature = "ssr")]
fn management() -> Result<logto_leptos::ManagementClient, ActAsError> {
    let state = expect_context::<crate::state::AppState>();
    state.management.clone().ok_or(ActAsError::NotSetUp)
}
