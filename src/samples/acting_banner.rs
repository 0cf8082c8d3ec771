use leptos::prelude::*;
use logto_leptos::AuthError;

/// Returns the name of the other user while the user acts. Sends no request to Logto.
#[server(prefix = "/fn", endpoint = "act-as/current")]
pub async fn load_acting_as() -> Result<Option<String>, AuthError> {
    let acting = logto_leptos::auth_session()?.acting_as().await?;
    Ok(acting.map(|acting| acting.name.unwrap_or(acting.user_id)))
}

/// Ends acting.
#[server(prefix = "/fn", endpoint = "act-as/stop")]
pub async fn stop_acting() -> Result<(), AuthError> {
    let session = logto_leptos::auth_session()?;
    let acting = session.acting_as().await?;
    session.stop_acting().await?;
    if let (Some(acting), Some(agent)) = (acting, logto_leptos::user().await) {
        tracing::info!(
            agent = agent.id(),
            user = acting.user_id,
            "a user stops acting as another user"
        );
    }
    Ok(())
}

/// A banner for every page: "You are acting as Bob." It needs no JavaScript. `text` returns the
/// sentence for a name, and `stop` is the label of the button.
#[component]
pub fn ActingBanner(text: fn(&str) -> String, stop: String) -> impl IntoView {
    let action = ServerAction::<StopActing>::new();
    let acting = Resource::new_blocking(move || action.version().get(), |_| load_acting_as());
    view! {
        <Suspense>
            {Suspend::new(async move {
                // A page shows the error of an unavailable session itself.
                let name = acting.await.ok().flatten()?;
                Some(view! {
                    <div class="acting" role="status">
                        <p>{text(&name)}</p>
                        <ActionForm action>
                            <button type="submit" class="button">
                                {stop}
                            </button>
                        </ActionForm>
                    </div>
                })
            })}
        </Suspense>
    }
}
