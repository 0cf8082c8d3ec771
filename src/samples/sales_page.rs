use leptos::prelude::*;
use logto_leptos::{AuthError, AuthErrorKind, Protect, SignIn, signed_in};
use serde::{Deserialize, Serialize};

use super::api_error::{ApiError, ApiErrorNote};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sales {
    pub year: u16,
    pub total_cents: u32,
}

/// Calls an API that demands a second factor. Its demand becomes an `AuthError`.
#[server(prefix = "/fn", endpoint = "sales")]
pub async fn load_sales() -> Result<Sales, ApiError> {
    use super::{api::Api, call_api};

    let token = expect_context::<Api>().token();
    call_api::get("sales", token).await
}

/// The answer of the API, or the sign-in that it demands. The child is the label of the button, and
/// `explain` returns the text for a status of the API.
#[component]
pub fn SalesPage(explain: fn(u16) -> String, children: ChildrenFn) -> impl IntoView {
    view! {
        <Protect require=signed_in()>
            <SalesOrSignIn explain label=children.clone() />
        </Protect>
    }
}

#[component]
fn SalesOrSignIn(explain: fn(u16) -> String, label: ChildrenFn) -> impl IntoView {
    let sales = Resource::new_blocking(|| (), |()| load_sales());
    view! {
        <Suspense>
            {Suspend::new(async move {
                match sales.await {
                    Ok(sales) => list(&sales).into_any(),
                    Err(ApiError::Auth(error)) if error.kind() == AuthErrorKind::StepUpNeeded => {
                        view! { <Confirm error label /> }.into_any()
                    }
                    Err(error) => view! { <ApiErrorNote error explain /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn list(sales: &Sales) -> impl IntoView + use<> {
    view! {
        <dl class="facts">
            <dt>"year"</dt>
            <dd>{sales.year}</dd>
            <dt>"total_cents"</dt>
            <dd>{sales.total_cents}</dd>
        </dl>
    }
}

/// The message, and a button that asks Logto for the demanded proof. The user comes back to this
/// page.
#[component]
fn Confirm(error: AuthError, label: ChildrenFn) -> impl IntoView {
    let class = error.acr().map(|class| ("acr_values", class.to_owned()));
    let age = error.max_age().map(|age| ("max_age", age.as_secs().to_string()));
    let demanded = class.into_iter().chain(age);
    let demanded: Vec<_> = demanded.map(|(name, value)| (name.to_owned(), value)).collect();
    view! {
        <div class="note">
            <p class="note-title">{error.message().to_owned()}</p>
            <p>
                <code>{error.code().to_owned()}</code>
            </p>
            <SignIn extra=demanded class="button primary">
                {label()}
            </SignIn>
        </div>
    }
}
