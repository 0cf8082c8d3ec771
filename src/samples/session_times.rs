use leptos::prelude::*;
use logto_leptos::{AuthError, browser::TokenView};
use serde::{Deserialize, Serialize};

use super::{error_note::ErrorNote, expiry::Expiry};

/// The state of the session, and when its tokens expire. Times are text (RFC 3339).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionTimes {
    pub state: String,
    pub id_token_expires_at: String,
    pub access_tokens: Vec<TokenView>,
}

/// Returns the times of the session, or none for a visitor. It needs no answer of Logto.
#[server(prefix = "/fn", endpoint = "session-times")]
pub async fn load_session_times() -> Result<Option<SessionTimes>, AuthError> {
    let auth = logto_leptos::auth_session()?;
    let state = auth.state().await?.as_str().to_owned();
    let Some(session) = auth.session().await? else {
        return Ok(None);
    };
    let tokens = session.access_tokens();
    let tokens = tokens.map(|(target, cached)| TokenView::cached(target, &cached.token));
    Ok(Some(SessionTimes {
        state,
        id_token_expires_at: session.id_token().claims().exp.to_rfc3339(),
        access_tokens: tokens.collect(),
    }))
}

/// A table of the times. The children are the cells of its head.
#[component]
pub fn SessionTimesTable(children: Children) -> impl IntoView {
    let times = Resource::new_blocking(|| (), |()| load_session_times());
    let head = children();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match times.await {
                    Ok(Some(times)) => table(head, times).into_any(),
                    Ok(None) => view! { <code>"null"</code> }.into_any(),
                    Err(error) => view! { <ErrorNote error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn table(head: AnyView, times: SessionTimes) -> impl IntoView {
    let rows = times.access_tokens.into_iter().map(|token| {
        let audience = token.audience.unwrap_or_else(|| "userinfo".to_owned());
        let organization = token.organization_id.map(|id| format!(" ({id})"));
        view! {
            <tr>
                <th scope="row">{audience} {organization}</th>
                <td>
                    <Expiry at=token.expires_at />
                </td>
            </tr>
        }
    });
    view! {
        <p>
            <code>{times.state}</code>
        </p>
        <table class="claims">
            <thead>
                <tr>{head}</tr>
            </thead>
            <tbody>
                <tr>
                    <th scope="row">"id_token"</th>
                    <td>
                        <Expiry at=times.id_token_expires_at />
                    </td>
                </tr>
                {rows.collect_view()}
            </tbody>
        </table>
    }
}
