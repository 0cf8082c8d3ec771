use leptos::prelude::*;
use logto_leptos::AuthError;
use serde::{Deserialize, Serialize};

use super::{error_note::ErrorNote, expiry::Expiry};

/// The part of the session that a page may show. The tokens stay on the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionFacts {
    pub state: String,
    pub started: String,
    pub id_token_expires: String,
    pub has_refresh_token: bool,
}

#[server(prefix = "/fn", endpoint = "session-facts")]
pub async fn load_session_facts() -> Result<SessionFacts, AuthError> {
    use logto_leptos::{ContextOptions, SessionError, auth_session, logto_context};

    // Renews an expired ID token first, if Logto can be reached.
    let context = logto_context(ContextOptions::default()).await?;
    let session = auth_session()?.session().await?;
    let session = session.ok_or(SessionError::NotSignedIn)?;
    Ok(SessionFacts {
        state: context.state.as_str().to_owned(),
        started: session.started().to_rfc3339(),
        id_token_expires: session.id_token().claims().exp.to_rfc3339(),
        has_refresh_token: session.refresh_token().is_some(),
    })
}

/// The facts as a list.
#[component]
pub fn SessionList() -> impl IntoView {
    // Blocking: a renewed ID token is saved with the head of the response.
    let facts = Resource::new_blocking(|| (), |()| load_session_facts());
    view! {
        <Suspense>
            {Suspend::new(async move {
                match facts.await {
                    Ok(facts) => list(facts).into_any(),
                    Err(error) => view! { <ErrorNote error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn list(facts: SessionFacts) -> impl IntoView {
    view! {
        <dl class="facts">
            <dt>"state"</dt>
            <dd>
                <code>{facts.state}</code>
            </dd>
            <dt>"started"</dt>
            <dd>
                <Expiry at=facts.started />
            </dd>
            <dt>"id_token_expires"</dt>
            <dd>
                <Expiry at=facts.id_token_expires />
            </dd>
            <dt>"has_refresh_token"</dt>
            <dd>
                <code>{facts.has_refresh_token.to_string()}</code>
            </dd>
        </dl>
    }
}
