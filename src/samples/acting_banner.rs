use leptos::prelude::*;
use logto_leptos::AuthError;

/// The name of the user as whom the user acts. It needs no answer of Logto.
#[server(prefix = "/fn", endpoint = "act-as/current")]
pub async fn load_acting_as() -> Result<Option<String>, AuthError> {
    let acting = logto_leptos::auth_session()?.acting_as().await?;
    Ok(acting.map(|acting| acting.name.unwrap_or(acting.user_id)))
}

/// The way back.
#[server(prefix = "/fn", endpoint = "act-as/stop")]
pub async fn stop_acting() -> Result<(), AuthError> {
    Ok(logto_leptos::auth_session()?.stop_acting().await?)
}

/// A banner for every page: "You act as Bob." It needs no JavaScript. `text` returns the sentence for
/// a name, and `stop` is the label of the button.
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
