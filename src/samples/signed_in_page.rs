use leptos::prelude::*;
use logto_leptos::{AuthError, Protect, signed_in};

use super::error_note::ErrorNote;

/// Reads data of the user.
#[server(prefix = "/fn", endpoint = "my-id")]
pub async fn load_my_id() -> Result<String, AuthError> {
    // The check that counts is the one where the data is read.
    let user = logto_leptos::require_user().await?;
    Ok(user.id().to_owned())
}

/// A page for signed-in users. A visitor goes to the sign-in, and comes back.
#[component]
pub fn SignedInPage() -> impl IntoView {
    view! {
        <Protect require=signed_in()>
            <MyId />
        </Protect>
    }
}

#[component]
fn MyId() -> impl IntoView {
    let id = Resource::new_blocking(|| (), |()| load_my_id());
    view! {
        <Suspense>
            {Suspend::new(async move {
                match id.await {
                    Ok(id) => view! { <code>{id}</code> }.into_any(),
                    Err(error) => view! { <ErrorNote error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}
