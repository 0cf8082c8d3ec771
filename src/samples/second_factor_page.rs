use leptos::prelude::*;
use logto_leptos::{Acr, AuthError, Protect, signed_in};

use super::{
    authentication::{Authentication, AuthenticationList},
    error_note::ErrorNote,
};

/// Reads data for users who have confirmed with a second factor. Other users get 401.
#[server(prefix = "/fn", endpoint = "second-factor")]
pub async fn load_with_second_factor() -> Result<Authentication, AuthError> {
    logto_leptos::require(signed_in().acr(Acr::Mfa)).await?;
    super::authentication::load_authentication().await
}

/// A page that needs a second factor. A user who has signed in with a password goes to Logto, which
/// asks only for the second factor, and comes back to this address.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    view! {
        <Protect require=signed_in().acr(Acr::Mfa)>
            <Confirmed />
        </Protect>
    }
}

#[component]
fn Confirmed() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_with_second_factor());
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
