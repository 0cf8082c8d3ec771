use std::time::Duration;

use leptos::prelude::*;
use logto_leptos::{AuthError, Protect, Requirement, signed_in};

use super::{
    authentication::{Authentication, AuthenticationList},
    error_note::ErrorNote,
};

/// Credentials of the last five minutes. The clock tolerance, one minute, is added.
fn recently() -> Requirement {
    signed_in().within(Duration::from_secs(300))
}

/// Reads data for users who have entered their credentials recently. Other users get 401.
#[server(prefix = "/fn", endpoint = "recent")]
pub async fn load_recent() -> Result<Authentication, AuthError> {
    logto_leptos::require(recently()).await?;
    super::authentication::load_authentication().await
}

/// A page that needs a recent sign-in. A user whose sign-in is older goes to Logto, which asks for
/// the credentials again, and comes back to this address.
#[component]
pub fn RecentPage() -> impl IntoView {
    view! {
        <Protect require=recently()>
            <Recent />
        </Protect>
    }
}

#[component]
fn Recent() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_recent());
    view! {
        <Suspense>
            {Suspend::new(async move {
                match data.await {
                    Ok(authentication) => view! { <AuthenticationList authentication /> }.into_any(),
                    Err(error) => view! { <ErrorNote error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}
